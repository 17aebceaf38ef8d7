-- Executions that have content although their batch has lost it, and the keys of errors without a digest.
with left_over as materialized (
    select e.*
    from batches b
    cross join lateral (
        select *
        from executions
        where
            attribution -> 'batch' is not null and attribution -> 'batch' ->> 'batch_id' = b.id::text
            and finished_at is not null and content_removed_at is null
        order by (attribution -> 'batch' -> 'line')::integer
        limit %(count)s
        for update skip locked
    ) e
    where b.is_losing_content
    order by b.id
    limit %(count)s
)
select e.*, f.*, k.master_key_id, k.wrapped as wrapped_key, clock_timestamp() as read_at
from left_over e
join submission_facts f on f.of_script = e.script_id and f.of_version = e.version
left join lateral (
    select * from execution_keys
    where execution_id = e.id and e.error_sealed is not null and e.error_sha256 is null
    limit 1
) k on true
