-- As `delete_expired`: the records of finished replays are kept as long as those of the script's executions.
with expired as materialized (
    select r.*
    from scripts s
    cross join lateral (
        select now() - coalesce(make_interval(days => s.retain_rows_days), %(kept_for)s::interval) as before
    ) b
    join script_versions v on v.script_id = s.id
    cross join lateral (
        select id, script_id
        from version_replays
        where script_id = s.id and version = v.number and finished_at < b.before
        order by id
        limit %(count)s
        for update skip locked
    ) r
    where s.id >= %(first)s and not s.retain_rows_forever
    order by s.id
    limit %(count)s
)
delete from version_replays r using expired x where r.id = x.id
returning r.script_id
