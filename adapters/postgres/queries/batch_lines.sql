-- Lines of a batch in their order, with their results, if a bound of these is given. The page ends before the result with
-- which they exceed it; a result that does so alone is a page by itself and stays where it is. Keys are looked up where
-- something is sealed. The sum is one of integers, since that of longer ones would be a numeric.
with page as (
    select
        e.*, (e.attribution -> 'batch' -> 'line')::integer as line, e.attribution -> 'batch' ->> 'reference' as reference,
        e.state = 'succeeded' and e.content_removed_at is null and %(result_bytes)s::integer is not null as is_wanted
    from executions e
    where
        e.attribution -> 'batch' is not null and e.attribution -> 'batch' ->> 'batch_id' = %(batch_id)s::uuid::text
        and (e.attribution -> 'batch' -> 'line')::integer > %(after_line)s
    order by (e.attribution -> 'batch' -> 'line')::integer
    limit %(limit)s
), measured as (
    select
        *,
        coalesce(
            sum(least(output_bytes, %(result_bytes)s::integer + 1)::integer) filter (where is_wanted)
                over (order by line rows unbounded preceding),
            0
        ) <= %(result_bytes)s::integer is not false as fits
    from page
)
select
    m.id, m.line, m.reference, m.state, m.content_removed_at, m.is_wanted, m.output_bytes, m.output_sha256, m.engine,
    m.error_kind, m.error_message, m.error_line, m.error_column, m.error_stack, m.error_position_is_exact, m.error_sealed,
    r.encoding as result_encoding, r.body as result_body, r.sealed as result_sealed, k.master_key_id,
    k.wrapped as wrapped_key
from measured m
left join execution_results r on r.execution_id = m.id and m.is_wanted and m.fits
left join lateral (
    select * from execution_keys where execution_id = m.id and (m.error_sealed is not null or r.sealed) limit 1
) k on true
where m.fits or m.line = %(after_line)s + 1
order by m.line
