-- What belongs to an execution goes with it, by its references.
with expired as materialized (
    select id
    from executions
    where
        id < (
            lpad(to_hex((1000 * extract(epoch from now() - %(older_than)s::interval))::bigint), 12, '0') || repeat('0', 20)
        )::uuid
        and finished_at < now() - %(older_than)s::interval
    order by id
    limit %(count)s
    for update skip locked
)
delete from executions e using expired x where e.id = x.id
