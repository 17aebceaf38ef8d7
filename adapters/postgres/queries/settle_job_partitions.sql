-- The job's row is locked first, so whatever ends the hold comes before all of this or after it. A partition is counted by
-- the statement that settles it.
with held as materialized (
    select id
    from jobs
    where id = %(job_id)s and held_by = %(holder)s and leased_until > clock_timestamp() and finished_at is null
    for no key update
), settled as (
    update job_partitions p
    set
        state = s.state, attempts = s.attempts, result = s.result, warnings = s.warnings, error_kind = s.error_kind,
        error = s.error, error_is_encrypted = s.error_is_encrypted
    from
        held h,
        unnest(
            %(numbers)b::integer[], %(states)s::text[], %(attempts)s::smallint[], %(results)s::jsonb[],
            %(warnings)s::jsonb[], %(error_kinds)s::text[], %(errors)b::bytea[], %(encrypted)b::boolean[],
            %(rows)b::bigint[], %(input_bytes)b::bigint[], %(result_bytes)b::bigint[]
        ) as s (
            number, state, attempts, result, warnings, error_kind, error, error_is_encrypted, rows, input_bytes,
            result_bytes
        )
    where p.job_id = h.id and p.number = s.number and p.state = 'waiting'
    returning p.state, s.rows, s.input_bytes, s.result_bytes
), counted as (
    select
        count(*) filter (where state = 'done') as done, count(*) filter (where state = 'failed') as failed,
        coalesce(sum(rows), 0) as rows, coalesce(sum(input_bytes), 0) as input_bytes,
        coalesce(sum(result_bytes), 0) as result_bytes
    from settled
)
update jobs j
set
    done = j.done + c.done, failed = j.failed + c.failed, rows_done = j.rows_done + c.rows,
    bytes_done = j.bytes_done + c.input_bytes, result_bytes = j.result_bytes + c.result_bytes
from held h, counted c
where j.id = h.id
returning j.id
