insert into webhook_deliveries (id, webhook_id, event, facts)
values (%(id)s, %(webhook_id)s, 'webhook.test', jsonb_build_object('webhook', %(webhook_id)s::uuid))
returning *
