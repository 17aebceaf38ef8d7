-- Batches that have lost all content that they had to lose. A removal that has not been committed counts as none.
update batches b
set is_losing_content = false
where
    b.is_losing_content and not exists (
        select
        from executions
        where
            attribution -> 'batch' is not null and attribution -> 'batch' ->> 'batch_id' = b.id::text
            and content_removed_at is null
        order by (attribution -> 'batch' -> 'line')::integer
    )
