-- A batch with its executions, whose datasets follow in the same transaction. The script must be as `add_executions` wants
-- it, or nothing is added; nor is anything if the key, where there is one, is taken. What the executions have in common is
-- given once. The reference of the key to the first of them is checked at the end of the statement, when that is there.
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
), owned as (
    insert into idempotency_keys (key, request_sha256, execution_id, expires_at)
    select %(key)s::text, %(request_sha256)b::bytea, %(first)s::uuid, now() + %(kept_for)s::interval
    from allowed
    where %(key)s::text is not null
    on conflict (key) do update
    set request_sha256 = excluded.request_sha256, execution_id = excluded.execution_id, expires_at = excluded.expires_at
    where idempotency_keys.expires_at <= now()
    returning 1
), batch as (
    insert into batches (id, script_id, version, lines, submitted_at, submitted_by, alias)
    select
        %(batch_id)s::uuid, %(script_id)s::uuid, %(version)s::integer, %(lines)s::integer, %(submitted_at)s::timestamptz,
        %(submitted_by)s::uuid, %(alias)s::text
    from allowed
    where %(key)s::text is null or exists (select from owned)
    returning *
), added as (
    insert into executions (
        id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256, input_warnings, traceparent,
        submitted_by, attribution, circumstances
    )
    select
        l.id, b.script_id, b.version, 'pending', 0, b.submitted_at, l.input_bytes, l.input_sha256, l.input_warnings,
        %(traceparent)s::text, b.submitted_by, l.attribution, l.circumstances
    from batch b
    cross join unnest(
        %(ids)b::uuid[], %(input_bytes)b::bigint[], %(input_sha256)b::bytea[], %(input_warnings)s::jsonb[],
        %(attributions)s::jsonb[], %(circumstances)s::jsonb[]
    ) as l (id, input_bytes, input_sha256, input_warnings, attribution, circumstances)
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, batch_id)
    select
        'submitted_batch', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
    from batch
)
select id from batch
