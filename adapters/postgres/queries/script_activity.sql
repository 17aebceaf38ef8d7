-- The activity of scripts that have any: counts of buckets, numbered from 0, and runs by duration, as arrays. What is over
-- is added up in rows, of days before `hours_from` and then of hours; from `raw_from` on executions themselves are counted.
-- It is planned with the values of its parameters.
with ended as materialized (
    select
        script_id, floor(extract(epoch from finished_at - %(since)s::timestamptz) / %(step)s)::integer as number,
        duration_bin(wall_ms) as duration, count(*) as executions,
        count(*) filter (where error_kind <> 'cancelled') as failed,
        count(*) filter (where error_kind = 'cancelled') as cancelled
    from executions
    where
        finished_at >= %(raw_from)s and finished_at < %(until)s and finished_at is not null and replay_of is null
        and script_id = any(%(ids)s)
    group by 1, 2, 3
), sums as materialized (
    select
        script_id, floor(extract(epoch from start - %(since)s::timestamptz) / %(step)s)::integer as number, executions,
        failed, cancelled, durations, runs
    from activity_sums
    where
        script_id = any(%(ids)s)
        and (
            hours = 24 and start >= %(since)s and start < %(hours_from)s
            or hours = 1 and start >= %(hours_from)s and start < %(raw_from)s
        )
)
select script_id, numbers, executions, failed, cancelled, durations, runs
from (
    select
        script_id, array_agg(number) as numbers, array_agg(executions) as executions, array_agg(failed) as failed,
        array_agg(cancelled) as cancelled
    from (
        select
            script_id, number, sum(executions)::bigint as executions, sum(failed)::bigint as failed,
            sum(cancelled)::bigint as cancelled
        from (
            select script_id, number, executions, failed, cancelled from sums
            union all
            select script_id, number, executions, failed, cancelled from ended
        ) parts
        group by script_id, number
    ) buckets
    group by script_id
) counted
left join (
    select script_id, array_agg(duration) as durations, array_agg(runs) as runs
    from (
        select script_id, duration, sum(runs)::bigint as runs
        from (
            select s.script_id, r.duration, r.runs
            from sums s
            cross join unnest(s.durations, s.runs) as r (duration, runs)
            union all
            select script_id, duration, executions from ended where duration is not null
        ) parts
        group by script_id, duration
    ) bins
    group by script_id
) timed using (script_id)
