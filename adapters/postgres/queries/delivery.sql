-- Of a webhook that is there: what one that was removed has left behind is not shown.
select d.*
from webhooks w
join webhook_deliveries d on d.webhook_id = w.id
where w.id = %(webhook_id)s and d.id = %(id)s
