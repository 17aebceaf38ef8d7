-- The row has to be as it was read: it failed at the attempt before, and has its content.
with retried as (
    update jobs
    set
        status = 'pending', attempt = %(attempt)s, started_at = null, finished_at = null, failed = 0, error_kind = null,
        error_partition = null, error = null, error_is_encrypted = false, differences = null,
        differences_are_encrypted = false, held_by = null, leased_until = null
    where
        id = %(id)s and attempt = %(attempt)s - 1 and status = 'failed' and content_removed_at is null
    returning id, script_id, version
), reopened as (
    update job_partitions p
    set state = 'waiting', error_kind = null, error = null, error_is_encrypted = false
    from retried r
    where p.job_id = r.id and p.state = 'failed'
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, job_id)
    select
        'retried_job', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
    from retried
)
select id from retried
