-- Webhooks between two ids, newest first, without their secrets. Of the pending deliveries of each no more are counted
-- than `most_pending`.
with page as materialized (
    select id, url, events, scripts, description, created_at, created_by, former_secret_until, disabled_at, disabled_reason,
        failures, failing_since, rests_until
    from webhooks
    where id between %(first)s and %(last)s
    order by id desc
    limit %(limit)s
)
select p.*, n.script_names, d.pending, k.name as created_by_name
from page p
left join lateral (select name from api_keys where id = p.created_by limit 1) k on true
cross join lateral (
    select array_agg(s.name order by s.id) as script_names
    from unnest(p.scripts) o (id)
    join scripts s on s.id = o.id
) n
cross join lateral (
    select count(*) as pending
    from (
        select 1 from webhook_deliveries where webhook_id = p.id and status = 'pending' order by due_at, number
        limit %(most_pending)s
    ) one
) d
order by p.id desc
