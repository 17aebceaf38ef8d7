-- Executions of a script of their own, in the order of their times: some that have succeeded in the last month, and some
-- that wait. Bodies are those of the example.
with hosted as (
    insert into scripts (id, name, description, created_at)
    values (gen_random_uuid(), 'backlog', '', now() - interval '40 days')
    returning id
),
revised as (
    insert into script_versions (
        script_id, number, source, sha256, wall_limit_ms, memory_limit_bytes, result_limit_bytes, log_limit_bytes,
        created_at
    )
    select
        id, 1, %(source)b, sha256(%(source)b), 30000, 512 * 1024 * 1024, 64 * 1024 * 1024, 64 * 1024,
        now() - interval '40 days'
    from hosted
),
-- A UUID of version 7 begins with the milliseconds since 1970, so these are in the order of their times.
numbered as materialized (
    select
        finished, at,
        (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid as id
    from (
        select n, true as finished, now() - interval '30 days' * (1 - n::float / %(finished)s) as at
        from generate_series(1, %(finished)s) n
        union all
        select n, false, %(pending_since)s + interval '1 millisecond' * n
        from generate_series(1, %(pending)s) n
    ) as both_kinds
),
executed as (
    insert into executions (
        id, script_id, version, state, attempt, submitted_at, started_at, finished_at, input_bytes, input_sha256,
        output_bytes, output_sha256, engine, wall_ms, cpu_ms, peak_memory_bytes
    )
    select
        numbered.id, hosted.id, 1, case when finished then 'succeeded' else 'pending' end, finished::int, at,
        case when finished then at + interval '3 milliseconds' end,
        case when finished then at + interval '6 milliseconds' end,
        %(input_bytes)s, %(input_sha256)b,
        case when finished then %(output_bytes)s end, case when finished then %(output_sha256)b end,
        case when finished then 'an engine' end, case when finished then 2.5 end, case when finished then 1.5 end,
        case when finished then 9000000 end
    from numbered, hosted
),
given as (
    insert into execution_inputs (execution_id, encoding, body) select id, 'zstd', %(input)b from numbered
)
insert into execution_results (execution_id, encoding, body, logs_truncated)
select id, 'zstd', %(output)b, false
from numbered
where finished
