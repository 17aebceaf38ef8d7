-- Another gate of a script with its audit record; without `gate`, the script has none any more.
with removed as (
    delete from script_gates where script_id = %(script_id)s and %(gate)s::jsonb is null
), kept as (
    insert into script_gates (script_id, gate, set_by)
    select %(script_id)s, %(gate)s::jsonb, %(key_id)s where %(gate)s::jsonb is not null
    on conflict (script_id) do update
    set gate = excluded.gate, set_by = excluded.set_by, set_at = excluded.set_at, revision = default
    returning gate, revision
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id)
    values (%(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, %(script_id)s)
)
select gate, revision from kept
