with submitted as materialized (
    select *
    from unnest(
        %(ids)b::uuid[], %(script_ids)b::uuid[], %(versions)b::integer[], %(submitted_at)b::timestamptz[],
        %(input_bytes)b::bigint[], %(input_sha256)b::bytea[], %(input_warnings)s::jsonb[], %(encodings)s::text[],
        %(bodies)b::bytea[]
    ) as s (id, script_id, version, submitted_at, input_bytes, input_sha256, input_warnings, encoding, body)
), executions as (
    insert into executions (
        id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256, input_warnings
    )
    select id, script_id, version, 'pending', 0, submitted_at, input_bytes, input_sha256, input_warnings
    from submitted
)
insert into execution_inputs (execution_id, encoding, body)
select id, encoding, body from submitted
