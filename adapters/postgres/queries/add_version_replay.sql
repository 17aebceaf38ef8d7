with added as (
    insert into version_replays (id, script_id, version, created_at, created_by, wanted)
    values (
        %(id)s, %(script_id)s, %(version)s, %(created_at)s, %(created_by)s::uuid, %(wanted)s::jsonb
    )
    returning id, script_id, version
), listed as (
    insert into version_replay_executions (replay_id, number, original_id, execution_id)
    select %(id)s, number, original_id, execution_id
    from unnest(%(numbers)b::integer[], %(original_ids)b::uuid[], %(execution_ids)b::uuid[])
        as e (number, original_id, execution_id)
)
insert into audit (action, key_id, request_id, server_request_id, script_id, version, replay_id)
select 'replayed', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id from added
