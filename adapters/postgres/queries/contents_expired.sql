-- From script to script: one descent of an index each, however much others keep. Ids are in the order of time: what has ended
-- before some time was submitted before it too. Where nothing says how long, times are null and nothing is found. Executions
-- of batches are not among them: a batch loses its content as a whole (`expire_batches`).
with expired as materialized (
    select e.*
    from scripts s
    cross join lateral (
        select now() - coalesce(make_interval(days => s.retain_content_days), %(kept_for)s::interval) as before
    ) r
    cross join lateral (
        select *
        from executions
        where
            script_id = s.id
            and id < (
                lpad(to_hex(greatest(0, 1000 * extract(epoch from r.before))::bigint), 12, '0') || repeat('0', 20)
            )::uuid
            and finished_at < r.before and content_removed_at is null and attribution -> 'batch' is null
        order by id
        limit %(count)s
        for update skip locked
    ) e
    where s.id >= %(first)s and not s.retain_content_forever
    order by s.id
    limit %(count)s
)
-- The keys of errors that an earlier release stored without a digest: it is computed before their texts go.
select e.*, f.*, k.master_key_id, k.wrapped as wrapped_key, clock_timestamp() as read_at
from expired e
join submission_facts f on f.of_script = e.script_id and f.of_version = e.version
left join lateral (
    select * from execution_keys
    where execution_id = e.id and e.error_sealed is not null and e.error_sha256 is null
    limit 1
) k on true
