-- Every way out of `running`, with what it leaves. The claim's id is the guard; naming the state as well would lure the
-- planner to the index of the running rows, which is slower than the primary key. Rows come sorted by id, as all that lock
-- several take them. Ends are counted for their batches, which are locked after the executions, in the order of ids too;
-- `settle` is this statement without the counting, and `settle_lines` all of it.
-- Events are for executions that are neither of a batch nor replays, and for batches that have finished.
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
    returning
        e.id, c.held_by, e.script_id, e.version, e.state, e.finished_at, e.attribution, e.replay_of, e.output_sha256,
        e.output_bytes, e.error_kind, (e.attribution -> 'batch' ->> 'batch_id')::uuid as batch_id
), kept as (
    insert into execution_results (execution_id, encoding, body, logs, logs_truncated, sealed)
    select execution_id, encoding, body, logs, logs_truncated, sealed
    from unnest(
        %(results)b::uuid[], %(result_claims)b::uuid[], %(encodings)s::text[], %(bodies)b::bytea[], %(logs)b::bytea[],
        %(truncated)b::boolean[], %(sealed)b::boolean[]
    ) as r (execution_id, held_by, encoding, body, logs, logs_truncated, sealed)
    -- a stale ending may come along with the true one
    where (execution_id, r.held_by) in (select id, held_by from settled)
), keyed as (
    insert into execution_keys (execution_id, master_key_id, wrapped)
    select execution_id, master_key_id, wrapped
    from unnest(
        %(keys)b::uuid[], %(key_claims)b::uuid[], %(master_key_ids)s::text[], %(wrapped_keys)b::bytea[]
    ) as k (execution_id, held_by, master_key_id, wrapped)
    where (execution_id, k.held_by) in (select id, held_by from settled)
)
select
    held_by,
    (
        select count_all_ends(array_agg(batch_id), array_agg(state), array_agg(finished_at))
        from settled
        where batch_id is not null and finished_at is not null
        having count(*) > 0
    ) as batches,
    case
        when batch_id is null and replay_of is null and exists (
            select
            from webhook_interests i
            where
                event = 'execution.' || state and i.script_id in (s.script_id, '00000000-0000-0000-0000-000000000000')
        ) then record_end(id, script_id, version, attribution, state, output_sha256, output_bytes, error_kind)
    end as has_event
from settled s
