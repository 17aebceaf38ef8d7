-- Counts of the hours from `since` until `until`. It is planned with these values, so it reads their executions alone. A row
-- that is there only grows: executions may have been deleted since it was written. Counts that nothing shows any more go.
with ended as (
    select
        script_id, to_timestamp(floor(extract(epoch from finished_at) / 3600) * 3600) as hour,
        duration_bin(wall_ms) as duration, count(*) as executions,
        count(*) filter (where error_kind <> 'cancelled') as failed,
        count(*) filter (where error_kind = 'cancelled') as cancelled
    from executions
    where finished_at >= %(since)s and finished_at < %(until)s and finished_at is not null and replay_of is null
    group by 1, 2, 3
), summed as (
    insert into activity_sums as s (script_id, hours, start, executions, failed, cancelled, durations, runs)
    select
        script_id, 1, hour, sum(executions), sum(failed), sum(cancelled),
        coalesce(array_agg(duration order by duration) filter (where duration is not null), '{}'),
        coalesce(array_agg(executions order by duration) filter (where duration is not null), '{}')
    from ended
    group by script_id, hour
    on conflict (script_id, hours, start) do update set
        executions = excluded.executions, failed = excluded.failed, cancelled = excluded.cancelled,
        durations = excluded.durations, runs = excluded.runs
    where excluded.executions > s.executions
), forgotten as (
    delete from activity_sums where start < %(until)s::timestamptz - interval '32 days'
)
update activity_summed set until = %(until)s
