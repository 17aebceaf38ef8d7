insert into audit (
    at, action, key_id, request_id, server_request_id, script_id, version, execution_id, api_key_id, alias, test, replay_id,
    batch_id, webhook_id, job_id, object_url
)
select *
from unnest(
    %(at)b::timestamptz[], %(action)s::text[], %(key_id)b::uuid[], %(request_id)s::text[],
    %(server_request_id)b::uuid[], %(script_id)b::uuid[], %(version)s::integer[], %(execution_id)b::uuid[],
    %(api_key_id)b::uuid[], %(alias)s::text[], %(test)s::text[], %(replay_id)b::uuid[],
    %(batch_id)b::uuid[], %(webhook_id)b::uuid[], %(job_id)b::uuid[], %(object_url)s::text[]
)
