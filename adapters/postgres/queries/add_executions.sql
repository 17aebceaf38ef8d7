-- New executions with their datasets, pending or already started by the process that accepts them, whose lease begins
-- now; with or without idempotency keys. All or none: each was decided by a script that must still be open, where
-- `guarded_open` says so, have no version after `guarded_latest` (null: any), and have its alias of `guarded_aliases`
-- (null: any) lead to the version of `guarded_targets`, or not have it if that is null. If one is not, only the numbers,
-- from 1, of such guards are returned. `keys` is null for those without. Of those with keys, the ones whose keys are free are added: not there, or
-- expired and then taken over. A key comes once in it. The references to executions are checked at the end of the
-- statement, when those are there. The bodies are unnested apart, so that they pass through no other node of the plan.
with refused as (
    select guard
    from unnest(
        %(guarded_ids)b::uuid[], %(guarded_latest)b::integer[], %(guarded_open)b::boolean[], %(guarded_aliases)s::text[],
        %(guarded_targets)b::integer[]
    ) with ordinality as g (script, latest, open, alias, target, guard)
    where (select archived_at is null or not open from scripts where id = script) is not true
        or (select max(number) from script_versions where script_id = script) > latest
        or alias is not null
        and target is distinct from (select version from script_aliases where script_id = script and name = alias)
), owned as (
    insert into idempotency_keys (key, request_sha256, execution_id, expires_at)
    select key, request_sha256, execution_id, now() + %(kept_for)s::interval
    from unnest(%(keys)s::text[], %(request_sha256)b::bytea[], %(ids)b::uuid[]) as k (key, request_sha256, execution_id)
    where key is not null and not exists (select from refused)
    on conflict (key) do update
    set request_sha256 = excluded.request_sha256, execution_id = excluded.execution_id, expires_at = excluded.expires_at
    where idempotency_keys.expires_at <= now()
    returning *
), added as (
    insert into executions (
        id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256, input_warnings, traceparent,
        submitted_by, attribution, circumstances, replay_of, started_at, claim_id, worker, leased_until
    )
    select
        id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256, input_warnings, traceparent,
        submitted_by, attribution, circumstances, replay_of, started_at, claim_id, worker,
        case when claim_id is not null then now() + %(lease)s::interval end
    from unnest(
        %(ids)b::uuid[], %(script_ids)b::uuid[], %(versions)b::integer[], %(submitted_at)b::timestamptz[],
        %(input_bytes)b::bigint[], %(input_sha256)b::bytea[], %(input_warnings)s::jsonb[], %(traceparents)s::text[],
        %(submitted_by)s::uuid[], %(attributions)s::jsonb[], %(circumstances)s::jsonb[], %(replay_of)s::uuid[],
        %(states)s::text[], %(attempts)b::smallint[], %(started_at)b::timestamptz[], %(claim_ids)b::uuid[],
        %(workers)s::text[]
    ) as s (
        id, script_id, version, submitted_at, input_bytes, input_sha256, input_warnings, traceparent, submitted_by,
        attribution, circumstances, replay_of, state, attempt, started_at, claim_id, worker
    )
    where not exists (select from refused)
        and (%(keys)s::text[] is null or id in (select execution_id from owned))
), kept as (
    insert into execution_inputs (execution_id, encoding, body, sealed)
    select id, encoding, body, sealed
    from unnest(
        %(ids)b::uuid[], %(encodings)s::text[], %(bodies)b::bytea[], %(sealed)b::boolean[]
    ) as b (id, encoding, body, sealed)
    where not exists (select from refused)
        and (%(keys)s::text[] is null or id in (select execution_id from owned))
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, execution_id)
    select 'submitted', key_id, request_id, server_request_id, script_id, version, id
    from unnest(
        %(ids)b::uuid[], %(script_ids)b::uuid[], %(versions)b::integer[], %(key_ids)s::uuid[], %(request_ids)s::text[],
        %(server_request_ids)s::uuid[]
    ) as a (id, script_id, version, key_id, request_id, server_request_id)
    where not exists (select from refused)
        and (%(keys)s::text[] is null or id in (select execution_id from owned))
), keyed as (
    insert into execution_keys (execution_id, master_key_id, wrapped)
    select id, master_key_id, wrapped
    from unnest(%(ids)b::uuid[], %(master_key_ids)s::text[], %(wrapped_keys)b::bytea[]) as k (id, master_key_id, wrapped)
    where wrapped is not null and not exists (select from refused)
        and (%(keys)s::text[] is null or id in (select execution_id from owned))
)
select key, request_sha256, execution_id, null::bigint as guard from owned
union all
select null, null, null, guard from refused
