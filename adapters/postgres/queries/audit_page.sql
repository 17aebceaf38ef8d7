-- It is planned with the parameters' values, so a filter that is null costs nothing.
-- Names are looked up for what is shown.
with page as materialized (
    select id, at, action, key_id, request_id, server_request_id, script_id, version, execution_id, api_key_id,
        alias, test, replay_id, batch_id, webhook_id, job_id, object_url
    from audit
    where
        (%(action)s::text is null or action = %(action)s)
        and (%(key)s::uuid is null or key_id = %(key)s)
        and (%(script)s::uuid is null or script_id = %(script)s)
        and (%(execution)s::uuid is null or execution_id = %(execution)s)
        and (%(at_from)s::timestamptz is null or at >= %(at_from)s)
        and (%(at_to)s::timestamptz is null or at < %(at_to)s)
        and (%(before)s::bigint is null or id < %(before)s)
    order by id desc
    limit %(limit)s
)
select p.*, s.name as script_name, k.name as key_name, a.name as api_key_name
from page p
left join lateral (select name from scripts where id = p.script_id limit 1) s on true
left join lateral (select name from api_keys where id = p.key_id limit 1) k on true
left join lateral (select name from api_keys where id = p.api_key_id limit 1) a on true
order by p.id desc
