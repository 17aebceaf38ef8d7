-- As `delete_expired`: the records of finished batches. Their executions, which ended no later, follow.
with expired as materialized (
    select e.*
    from scripts s
    cross join lateral (
        select now() - coalesce(make_interval(days => s.retain_rows_days), %(kept_for)s::interval) as before
    ) r
    join script_versions v on v.script_id = s.id
    cross join lateral (
        select id, script_id
        from batches
        where
            script_id = s.id and version = v.number
            and id < (
                lpad(to_hex(greatest(0, 1000 * extract(epoch from r.before))::bigint), 12, '0') || repeat('0', 20)
            )::uuid
            and finished_at < r.before
        order by id
        limit %(count)s
        for update skip locked
    ) e
    where s.id >= %(first)s
    order by s.id
    limit %(count)s
)
delete from batches b using expired x where b.id = x.id
returning b.script_id
