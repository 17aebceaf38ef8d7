with expired as materialized (
    select key
    from idempotency_keys
    where expires_at <= now()
    order by expires_at
    limit %(count)s
    for update skip locked
)
delete from idempotency_keys k using expired e where k.key = e.key
