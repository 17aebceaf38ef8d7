select d.*, s.name as script_name
from unnest(%(webhook_ids)b::uuid[]) w (id)
cross join lateral (
    select *
    from webhook_deliveries
    where webhook_id = w.id and status = 'pending' and due_at <= now()
    order by due_at, number
    limit %(limit)s
) d
left join lateral (select name from scripts where id = d.script_id limit 1) s on true
