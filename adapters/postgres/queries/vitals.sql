-- Replays, which wait behind all others, are counted apart. Each script's oldest waiting row is one descent of the
-- index of pending rows, and the oldest of these is the oldest of all. Counting goes no further than `up_to`, in the
-- index's order for the reason that `waiting.sql` gives. Of the sessions, those of vacuum hold nothing up; of other
-- users' sessions an ordinary one sees no times, and counts nothing.
with recursive oldest (script_id, submitted_at) as (
    (
        select script_id, submitted_at from executions where state = 'pending' and replay_of is null order by script_id, id limit 1
    )
    union all
    select n.script_id, n.submitted_at
    from oldest o
    cross join lateral (
        select e.script_id, e.submitted_at
        from executions e
        where e.state = 'pending' and e.replay_of is null and e.script_id > o.script_id
        order by e.script_id, e.id
        limit 1
    ) n
)
select
    w.waiting, p.waiting as replays_waiting, u.unfinished as replays_unfinished, r.running,
    d.pending as deliveries_pending, j.unfinished as jobs_unfinished, j.waiting as job_partitions_waiting,
    a.alive as workers,
    greatest(0, coalesce(extract(epoch from clock_timestamp() - o.since), 0))::float8 as oldest_waiting_seconds,
    greatest(0, coalesce(extract(epoch from clock_timestamp() - t.since), 0))::float8 as oldest_transaction_seconds,
    coalesce(t.behind, 0) as oldest_snapshot_transactions
from (
    select count(*) as waiting
    from (select 1 from executions where state = 'pending' and replay_of is null order by script_id, id limit %(up_to)s) one
) w
cross join (
    select count(*) as waiting
    from (select 1 from executions where state = 'pending' and replay_of is not null order by script_id, id limit %(up_to)s) one
) p
cross join (
    select count(*) as running
    from (select 1 from executions where state = 'running' order by id limit %(up_to)s) one
) r
cross join (
    select count(*) as unfinished
    from (select 1 from version_replays where finished_at is null order by id limit %(up_to)s) one
) u
cross join (
    select count(*) as pending
    from (
        select 1 from webhook_deliveries where status = 'pending' order by webhook_id, due_at, number limit %(up_to)s
    ) one
) d
cross join (
    select count(*) as unfinished, coalesce(sum(partitions - done - failed), 0) as waiting
    from (select partitions, done, failed from jobs where finished_at is null order by id limit %(up_to)s) one
) j
cross join (select count(*) as alive from workers where last_seen > now() - %(lease)s::interval) a
cross join (select min(submitted_at) as since from oldest) o
cross join (
    select min(xact_start) as since, max(age(backend_xmin)) as behind
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type <> 'autovacuum worker'
) t
