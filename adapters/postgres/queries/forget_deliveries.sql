with ended as materialized (
    select number
    from webhook_deliveries
    where ended_at < %(before)s
    order by ended_at
    limit %(count)s
    for update skip locked
)
delete from webhook_deliveries d using ended e where d.number = e.number
