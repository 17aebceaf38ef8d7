select d.*
from webhooks w
cross join unnest(%(statuses)s::text[]) s (status)
cross join lateral (
    select *
    from webhook_deliveries
    where webhook_id = w.id and status = s.status and number < %(before)s
    order by number desc
    limit %(limit)s
) d
where w.id = %(webhook_id)s
order by d.number desc
limit %(limit)s
