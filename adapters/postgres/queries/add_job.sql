-- The script must be as `add_executions` wants it, and the key, where there is one, free, or nothing is added.
with allowed as (
    select 1
    where (select archived_at is null or not %(must_be_open)s::boolean from scripts where id = %(script_id)s)
        and (select max(number) from script_versions where script_id = %(script_id)s) <= %(latest)s::integer is not false
        and (
            %(guarded_alias)s::text is null
            or %(leads_to)s::integer is not distinct from (
                select version from script_aliases where script_id = %(script_id)s and name = %(guarded_alias)s
            )
        )
), added as (
    insert into jobs (
        id, script_id, version, run_limits, clock, seed, request, submitted_at, submitted_by, alias, attempt,
        idempotency_key, request_sha256, key_expires_at
    )
    select
        %(id)s, %(script_id)s, %(version)s, %(run_limits)s::jsonb, %(clock)s, %(seed)s, %(request)s,
        %(submitted_at)s, %(submitted_by)s::uuid, %(alias)s::text, %(attempt)s, %(key)s::text,
        %(request_sha256)b::bytea, case when %(key)s::text is not null then now() + %(kept_for)s::interval end
    from allowed
    on conflict (idempotency_key) where idempotency_key is not null do nothing
    returning id, script_id, version
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, job_id)
    select
        'submitted_job', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
    from added
)
select id from added
