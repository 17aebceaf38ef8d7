-- Each script with waiting executions is one descent of their index, and so is each of those that are counted, up to `up_to`
-- of a script; `vitals.sql` says why they are ordered. Running executions are few, and counted up to `up_to` of all scripts.
with recursive heads (script_id, submitted_at) as (
    (
        select script_id, submitted_at from executions
        where state = 'pending' and replay_of is null
        order by script_id, id
        limit 1
    )
    union all
    select n.script_id, n.submitted_at
    from heads h
    cross join lateral (
        select e.script_id, e.submitted_at
        from executions e
        where e.state = 'pending' and e.replay_of is null and e.script_id > h.script_id
        order by e.script_id, e.id
        limit 1
    ) n
), waiting as materialized (
    select h.script_id, h.submitted_at, w.waiting
    from heads h
    cross join lateral (
        select count(*) as waiting
        from (
            select 1 from executions e
            where e.state = 'pending' and e.replay_of is null and e.script_id = h.script_id
            order by e.script_id, e.id
            limit %(up_to)s
        ) one
    ) w
), running as materialized (
    select script_id, count(*) as running
    from (select script_id from executions where state = 'running' order by id limit %(up_to)s) one
    group by script_id
), busiest as (
    select script_id, coalesce(w.waiting, 0) as waiting, coalesce(r.running, 0) as running
    from waiting w
    full join running r using (script_id)
    order by 2 desc, 3 desc, 1
    limit %(most)s
)
select
    (select coalesce(sum(waiting), 0)::bigint from waiting) as waiting,
    (select coalesce(sum(running), 0)::bigint from running) as running,
    greatest(0, extract(epoch from clock_timestamp() - (select min(submitted_at) from waiting)))::float8
        * case when exists (select from waiting) then 1 end as oldest_wait_seconds,
    seen.slots,
    (
        select jsonb_agg(
            jsonb_build_object('id', s.id, 'name', s.name, 'waiting', b.waiting, 'running', b.running)
            order by b.waiting desc, b.running desc, s.id
        )
        from busiest b
        join scripts s on s.id = b.script_id
    ) as scripts
from (
    select coalesce(sum(coalesce(slots, 1)), 0)::bigint as slots -- a worker of an earlier release tells none
    from workers
    where last_seen > now() - %(lease)s::interval
) seen
