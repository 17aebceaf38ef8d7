with added as (
    insert into script_tests (
        id, script_id, name, created_at, created_by, from_execution, circumstances, input_bytes, input_sha256, encoding, body, expected,
        master_key_id, wrapped
    )
    values (
        %(id)s, %(script_id)s, %(test)s, %(created_at)s, %(key_id)s, %(from_execution)s, %(circumstances)s::jsonb, %(input_bytes)s,
        %(input_sha256)b, %(encoding)s, %(body)b, %(expected)b, %(master_key_id)s, %(wrapped)b
    )
    returning script_id, name
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, test)
    select %(action)s, %(key_id)s, %(request_id)s, %(server_request_id)s, script_id, name from added
)
select (select name from api_keys where id = %(key_id)s) as author from added
