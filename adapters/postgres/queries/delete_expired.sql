-- As `contents_expired`, but over the index of all executions, which has each version's together. What belongs to an execution
-- goes with it, by its references. Executions of a batch stay until its own record is gone: `delete_expired_batches` is this
-- statement over the table of batches, without that condition.
with expired as materialized (
    select e.*
    from scripts s
    cross join lateral (
        select now() - coalesce(make_interval(days => s.retain_rows_days), %(kept_for)s::interval) as before
    ) r
    join script_versions v on v.script_id = s.id
    cross join lateral (
        select id, script_id
        from executions
        where
            script_id = s.id and version = v.number
            and id < (
                lpad(to_hex(greatest(0, 1000 * extract(epoch from r.before))::bigint), 12, '0') || repeat('0', 20)
            )::uuid
            and finished_at < r.before
            and (
                attribution -> 'batch' is null
                or not exists (select from batches where id = (attribution -> 'batch' ->> 'batch_id')::uuid)
            )
        order by id
        limit %(count)s
        for update skip locked
    ) e
    where s.id >= %(first)s and not s.retain_rows_forever
    order by s.id
    limit %(count)s
)
delete from executions e using expired x where e.id = x.id
returning e.script_id
