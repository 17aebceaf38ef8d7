-- As `contents_expired`, for batches that have finished long enough ago: they are marked, and `batch_contents` has what they
-- have left.
with expired as materialized (
    select e.id
    from scripts s
    cross join lateral (
        select now() - coalesce(make_interval(days => s.retain_content_days), %(kept_for)s::interval) as before
    ) r
    cross join lateral (
        select id
        from batches
        where
            script_id = s.id
            and id < (
                lpad(to_hex(greatest(0, 1000 * extract(epoch from r.before))::bigint), 12, '0') || repeat('0', 20)
            )::uuid
            and finished_at is not null and finished_at < r.before and content_removed_at is null
        order by id
        limit %(count)s
        for update skip locked
    ) e
    where s.id >= %(first)s and not s.retain_content_forever
    order by s.id
    limit %(count)s
), removed as (
    update batches b
    set content_removed_at = greatest(clock_timestamp(), b.finished_at), is_losing_content = true
    from expired x
    where b.id = x.id
    returning b.id, b.script_id, b.version
)
insert into audit (action, script_id, version, batch_id)
select 'removed_batch', script_id, version, id from removed
