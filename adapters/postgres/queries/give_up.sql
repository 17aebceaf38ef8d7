-- Exhausts pending deliveries of a disabled webhook, which nobody enables meanwhile.
with disabled as materialized (
    select id from webhooks where id = %(id)s and disabled_at is not null for no key update
), waiting as materialized (
    select d.number
    from disabled w
    cross join lateral (
        select number from webhook_deliveries
        where webhook_id = w.id and status = 'pending'
        order by due_at, number
        limit %(count)s
    ) d
)
update webhook_deliveries d
set status = 'exhausted', due_at = null, ended_at = clock_timestamp()
from waiting w
where d.number = w.number and d.status = 'pending'
