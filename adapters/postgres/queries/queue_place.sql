-- One range of the index of pending rows, read up to `up_to`: those of the same script with smaller ids. Replays wait apart,
-- in an index of their own: `queue_place_of_replay` is this statement with the other half of the pending rows. Running
-- executions of both kinds take slots, and are counted up to `up_to` in the order of their own index.
select
    (
        select count(*)
        from (
            select 1
            from executions e
            where e.state = 'pending' and e.replay_of is null and e.script_id = %(script_id)s::uuid and e.id < %(id)s::uuid
            order by e.script_id, e.id
            limit %(up_to)s
        ) w
    ) as ahead,
    (
        select count(*)
        from (select 1 from executions where state = 'running' order by id limit %(up_to)s) r
    ) as running,
    seen.slots
from (
    select coalesce(sum(coalesce(slots, 1)), 0)::bigint as slots -- a worker of an earlier release tells none
    from workers
    where last_seen > now() - %(lease)s::interval
) seen
