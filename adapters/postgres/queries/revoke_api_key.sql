with revoked as (
    update api_keys set revoked_at = %(revoked_at)s where id = %(id)s and revoked_at is null
    returning id
)
insert into audit (action, key_id, request_id, server_request_id, api_key_id)
select %(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, id from revoked
