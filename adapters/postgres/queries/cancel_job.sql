with cancelled as (
    update jobs
    set
        status = 'failed', finished_at = greatest(%(finished_at)s, submitted_at, started_at), error_kind = %(error_kind)s,
        error_partition = %(error_partition)s, error = %(error)b, error_is_encrypted = false,
        held_by = null, leased_until = null
    where id = %(id)s and attempt = %(attempt)s and finished_at is null
    returning id, script_id, version, status, error_kind, outcome
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, job_id)
    select
        'cancelled_job', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
    from cancelled
)
select
    record_event('job.finished', script_id, jsonb_strip_nulls(jsonb_build_object(
        'job', id, 'version', version, 'status', status, 'error_kind', error_kind,
        'objects', outcome -> 'objects', 'size_bytes', outcome -> 'size_bytes'
    ))) as has_event
from cancelled
