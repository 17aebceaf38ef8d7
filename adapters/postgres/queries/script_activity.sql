-- The activity of scripts: counts of buckets, numbered from 0, and then runs by duration. Hours that are over are added up
-- in rows; from `raw_from` on executions themselves are counted. It is planned with the values of its parameters.
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
), hours as materialized (
    select
        script_id, floor(extract(epoch from hour - %(since)s::timestamptz) / %(step)s)::integer as number, executions,
        failed, cancelled, durations, runs
    from activity_hours
    where script_id = any(%(ids)s) and hour >= %(since)s and hour < %(raw_from)s
)
select script_id, number, null::smallint as duration, sum(executions)::bigint as executions, sum(failed)::bigint as failed,
    sum(cancelled)::bigint as cancelled
from (
    select script_id, number, executions, failed, cancelled from hours
    union all
    select script_id, number, executions, failed, cancelled from ended
) b
group by script_id, number
union all
select script_id, null, duration, sum(runs)::bigint, 0, 0
from (
    select h.script_id, r.duration, r.runs from hours h cross join unnest(h.durations, h.runs) as r (duration, runs)
    union all
    select script_id, duration, executions from ended where duration is not null
) d
group by script_id, duration
