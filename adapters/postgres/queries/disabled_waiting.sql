-- Disabled webhooks with pending deliveries: too many for the transaction that disabled the webhook, or recorded by one
-- that did not see it.
with recursive waiting (webhook_id) as (
    (select webhook_id from webhook_deliveries where status = 'pending' order by webhook_id, due_at, number limit 1)
    union all
    select n.webhook_id
    from waiting w
    cross join lateral (
        select webhook_id
        from webhook_deliveries
        where status = 'pending' and webhook_id > w.webhook_id
        order by webhook_id, due_at, number
        limit 1
    ) n
)
select w.id from waiting d join webhooks w on w.id = d.webhook_id where w.disabled_at is not null
