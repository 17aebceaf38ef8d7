with finished as (
    update jobs
    set
        status = %(status)s, finished_at = greatest(%(finished_at)s, submitted_at, started_at), phase = %(phase)s,
        is_verified = %(is_verified)s, planned = case when plan is not null then %(planned)s::integer end,
        outcome = %(outcome)s::jsonb, error_kind = %(error_kind)s, error_partition = %(error_partition)s::integer,
        error = %(error)b, error_is_encrypted = %(error_is_encrypted)s, differences = %(differences)b,
        differences_are_encrypted = %(differences_are_encrypted)s, held_by = null, leased_until = null
    where id = %(job_id)s and held_by = %(holder)s and leased_until > clock_timestamp() and finished_at is null
    returning id, script_id, version, status, error_kind, outcome
)
select
    record_event('job.finished', script_id, jsonb_strip_nulls(jsonb_build_object(
        'job', id, 'version', version, 'status', status, 'error_kind', error_kind,
        'objects', outcome -> 'objects', 'size_bytes', outcome -> 'size_bytes'
    ))) as has_event
from finished
