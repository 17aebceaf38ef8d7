-- The workers that are known, with their runs. Running executions are walked in the order of their own index, as in
-- `vitals.sql`.
select
    w.name, w.last_seen, w.slots, w.last_seen > now() - %(lease)s::interval as is_alive, coalesce(r.busy, 0) as busy
from workers w
left join (
    select worker, count(*) as busy
    from (select worker from executions where state = 'running' order by id limit %(up_to)s) one
    group by worker
) r on r.worker = w.name
order by w.name
limit %(count)s
