with open_script as (
    select id from scripts where id = %(script_id)s and archived_at is null for share
), added as (
    insert into script_versions (
        script_id, number, source, sha256, engine, wall_limit_ms, memory_limit_bytes, result_limit_bytes, log_limit_bytes, created_at,
        warnings, limits, note, created_by
    )
    select
        id, %(number)s, %(source)b, %(sha256)b, %(engine)s, %(wall_ms)s, %(memory_bytes)s, %(result_bytes)s, %(log_bytes)s, %(created_at)s,
        %(warnings)s::jsonb, %(limits)s::jsonb, %(note)s, %(key_id)s
    from open_script
    on conflict (script_id, number) do nothing
    returning script_id, number
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version)
    select %(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, script_id, number from added
)
select (select name from api_keys where id = %(key_id)s) as created_by from added
