-- The earliest of each webhook by number, among those that have been due for longest, with an attempt behind them or without.
select d.*, s.name as script_name
from unnest(%(webhook_ids)b::uuid[]) w (id)
cross join lateral (
    select number
    from (
        (
            select number
            from webhook_deliveries
            where webhook_id = w.id and status = 'pending' and due_at <= now()
            order by due_at, number
            limit %(limit)s
        )
        union
        (
            select number
            from webhook_deliveries
            where webhook_id = w.id and status = 'pending' and attempts > 0 and due_at <= now()
            order by due_at, number
            limit %(limit)s
        )
    ) due
    order by number
    limit %(limit)s
) n
join webhook_deliveries d on d.number = n.number
left join lateral (select name from scripts where id = d.script_id limit 1) s on true
