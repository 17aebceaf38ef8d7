-- A move of an alias with its audit record and its event. Without `to_version`, the alias is removed.
with moved as (
    insert into alias_moves (script_id, alias, from_version, to_version, reason, note, at, key_id)
    values (
        %(script_id)s, %(alias)s, %(from_version)s, %(to_version)s, %(reason)s, %(note)s, %(at)s, %(key_id)s
    )
    returning number, script_id, alias, from_version, to_version, reason, at
), pointed as (
    insert into script_aliases (script_id, name, version, move, moved_at)
    select %(script_id)s, %(alias)s, to_version, number, at from moved where to_version is not null
    on conflict (script_id, name) do update
    set version = excluded.version, move = excluded.move, moved_at = excluded.moved_at
), removed as (
    delete from script_aliases
    where script_id = %(script_id)s and name = %(alias)s and %(to_version)s::integer is null
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, alias)
    values (
        %(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, %(script_id)s, %(to_version)s, %(alias)s
    )
), recorded as (
    insert into webhook_deliveries (webhook_id, event, script_id, facts)
    select
        i.webhook_id, i.event, m.script_id,
        jsonb_build_object(
            'alias', m.alias, 'from_version', m.from_version, 'to_version', m.to_version, 'reason', m.reason
        )
    from moved m
    join webhook_interests i
        on i.event = 'alias.moved' and i.script_id in (m.script_id, '00000000-0000-0000-0000-000000000000')
    returning 1
)
select number, exists (select from recorded) as has_event from moved
