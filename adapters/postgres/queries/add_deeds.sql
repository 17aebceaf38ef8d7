insert into audit (at, action, key_id, request_id, server_request_id, script_id, version, execution_id, api_key_id)
select *
from unnest(
    %(at)b::timestamptz[], %(action)s::text[], %(key_id)s::uuid[], %(request_id)s::text[],
    %(server_request_id)s::uuid[], %(script_id)s::uuid[], %(version)s::integer[], %(execution_id)s::uuid[], %(api_key_id)s::uuid[]
)
