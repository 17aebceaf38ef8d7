with added as (
    insert into api_keys (id, name, sha256, scopes, created_at, expires_at)
    values (%(id)s, %(name)s, %(sha256)b, %(scopes)s::text[], %(created_at)s, %(expires_at)s)
    returning id
)
insert into audit (action, key_id, request_id, server_request_id, api_key_id)
select %(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, id from added
