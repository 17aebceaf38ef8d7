-- Every way out of `running`, with what it leaves. The claim's id is the guard; naming the state as well would lure the
-- planner to the index of the running rows, which is slower than the primary key.
with settled as (
    update executions e
    set
        state = c.state, attempt = c.attempt, started_at = c.started_at, finished_at = c.finished_at,
        claim_id = null, worker = null, leased_until = null,
        output_bytes = c.output_bytes, output_sha256 = c.output_sha256,
        error_kind = c.error_kind, error_message = c.error_message, error_line = c.error_line,
        error_column = c.error_column, error_stack = c.error_stack, error_sealed = c.error_sealed,
        error_position_is_exact = c.error_position_is_exact, error_sha256 = c.error_sha256,
        engine = c.engine, wall_ms = c.wall_ms, cpu_ms = c.cpu_ms, peak_memory_bytes = c.peak_memory_bytes,
        output_warnings = c.output_warnings::jsonb, run_warnings = c.run_warnings::jsonb,
        provenance = c.provenance::jsonb
    from unnest(
        %(id)b::uuid[], %(held_by)b::uuid[], %(state)s::text[], %(attempt)s::smallint[],
        %(started_at)b::timestamptz[], %(finished_at)b::timestamptz[], %(output_bytes)s::bigint[],
        %(output_sha256)b::bytea[], %(error_kind)s::text[], %(error_message)s::text[], %(error_line)s::integer[],
        %(error_column)s::integer[], %(error_stack)s::text[], %(engine)s::text[], %(wall_ms)s::double precision[],
        %(cpu_ms)s::double precision[], %(peak_memory_bytes)s::bigint[], %(output_warnings)s::text[],
        %(error_sealed)b::bytea[], %(run_warnings)s::text[], %(error_position_is_exact)b::boolean[],
        %(provenance)s::text[], %(error_sha256)b::bytea[]
    ) as c (
        id, held_by, state, attempt, started_at, finished_at, output_bytes, output_sha256, error_kind, error_message,
        error_line, error_column, error_stack, engine, wall_ms, cpu_ms, peak_memory_bytes, output_warnings, error_sealed,
        run_warnings, error_position_is_exact, provenance, error_sha256
    )
    where e.id = c.id and e.claim_id = c.held_by and e.finished_at is null
    returning e.id, c.held_by
), kept as (
    insert into execution_results (execution_id, encoding, body, logs, logs_truncated, sealed)
    select r.execution_id, r.encoding, r.body, r.logs, r.logs_truncated, r.sealed
    from unnest(
        %(results)b::uuid[], %(result_claims)b::uuid[], %(encodings)s::text[], %(bodies)b::bytea[], %(logs)b::bytea[],
        %(truncated)b::boolean[], %(sealed)b::boolean[]
    ) as r (execution_id, held_by, encoding, body, logs, logs_truncated, sealed)
    where (r.execution_id, r.held_by) in (select id, held_by from settled) -- a stale ending may come along with the true one
), keyed as (
    insert into execution_keys (execution_id, master_key_id, wrapped)
    select k.execution_id, k.master_key_id, k.wrapped
    from unnest(
        %(keys)b::uuid[], %(key_claims)b::uuid[], %(master_key_ids)s::text[], %(wrapped_keys)b::bytea[]
    ) as k (execution_id, held_by, master_key_id, wrapped)
    where (k.execution_id, k.held_by) in (select id, held_by from settled)
)
select held_by from settled
