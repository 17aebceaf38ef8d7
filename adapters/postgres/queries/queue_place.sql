-- One range of the index of pending rows, read up to `up_to`: those of the same script with smaller ids. Replays wait apart,
-- in an index of their own: `queue_place_of_replay` is this statement with the other half of the pending rows.
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
    exists (select 1 from workers where last_seen > now() - %(lease)s::interval) as has_workers
