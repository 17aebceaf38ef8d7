-- Deliveries of webhooks that were removed. Whose deliveries there are is one descent of the index for each.
with recursive owners (webhook_id) as (
    (select webhook_id from webhook_deliveries order by webhook_id, status, number limit 1)
    union all
    select n.webhook_id
    from owners o
    cross join lateral (
        select webhook_id from webhook_deliveries where webhook_id > o.webhook_id order by webhook_id, status, number limit 1
    ) n
), left_behind as materialized (
    select d.number
    from owners o
    cross join lateral (
        select number
        from webhook_deliveries
        where webhook_id = o.webhook_id and not exists (select from webhooks where id = o.webhook_id)
        order by status, number
        limit %(count)s
        for update skip locked
    ) d
    limit %(count)s
)
delete from webhook_deliveries d using left_behind l where d.number = l.number
