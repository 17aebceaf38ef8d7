-- Counts of the days that `sum_up_activity` completed or changed, of their hours.
with hours as (
    select * from activity_sums
    where
        hours = 1 and start >= to_timestamp(floor(extract(epoch from %(since)s::timestamptz) / 86400) * 86400)
        and start < to_timestamp(floor(extract(epoch from %(until)s::timestamptz) / 86400) * 86400)
), days as (
    select
        script_id, to_timestamp(floor(extract(epoch from start) / 86400) * 86400) as day, sum(executions) as executions,
        sum(failed) as failed, sum(cancelled) as cancelled
    from hours
    group by 1, 2
), durations as (
    select script_id, day, array_agg(duration order by duration) as durations, array_agg(runs order by duration) as runs
    from (
        select
            h.script_id, to_timestamp(floor(extract(epoch from h.start) / 86400) * 86400) as day, r.duration,
            sum(r.runs)::integer as runs
        from hours h
        cross join unnest(h.durations, h.runs) as r (duration, runs)
        group by 1, 2, 3
    ) d
    group by script_id, day
)
insert into activity_sums (script_id, hours, start, executions, failed, cancelled, durations, runs)
select script_id, 24, day, executions, failed, cancelled, coalesce(d.durations, '{}'), coalesce(d.runs, '{}')
from days
left join durations d using (script_id, day)
on conflict (script_id, hours, start) do update set
    executions = excluded.executions, failed = excluded.failed, cancelled = excluded.cancelled,
    durations = excluded.durations, runs = excluded.runs
