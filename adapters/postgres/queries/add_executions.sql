-- Workers are told in the same transaction: it costs no round trip and no flush of its own, and those who submit
-- together share it. The bodies are unnested apart, so that they pass through no other node of the plan.
with added as (
    insert into executions (
        id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256, input_warnings, traceparent
    )
    select id, script_id, version, 'pending', 0, submitted_at, input_bytes, input_sha256, input_warnings, traceparent
    from unnest(
        %(ids)b::uuid[], %(script_ids)b::uuid[], %(versions)b::integer[], %(submitted_at)b::timestamptz[],
        %(input_bytes)b::bigint[], %(input_sha256)b::bytea[], %(input_warnings)s::jsonb[], %(traceparents)s::text[]
    ) as s (
        id, script_id, version, submitted_at, input_bytes, input_sha256, input_warnings, traceparent
    )
), kept as (
    insert into execution_inputs (execution_id, encoding, body, sealed)
    select * from unnest(%(ids)b::uuid[], %(encodings)s::text[], %(bodies)b::bytea[], %(sealed)b::boolean[])
), keyed as (
    insert into execution_keys (execution_id, master_key_id, wrapped)
    select id, master_key_id, wrapped
    from unnest(%(ids)b::uuid[], %(master_key_ids)s::text[], %(wrapped_keys)b::bytea[]) as k (id, master_key_id, wrapped)
    where wrapped is not null
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, execution_id)
    select 'submitted', key_id, request_id, server_request_id, script_id, version, id
    from unnest(
        %(ids)b::uuid[], %(script_ids)b::uuid[], %(versions)b::integer[], %(key_ids)s::uuid[], %(request_ids)s::text[],
        %(server_request_ids)s::uuid[]
    ) as a (id, script_id, version, key_id, request_id, server_request_id)
)
select pg_notify('bateia_pending', '')
