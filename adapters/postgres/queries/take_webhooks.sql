-- The earliest delivery of each webhook with pending ones is one descent of the index, however many there are. Those that
-- were held last come last, so that all take turns. A webhook that another process takes or changes meanwhile is passed
-- over. A hold that a crash of the database loses is taken again, so none waits for its flush.
with recursive waiting (webhook_id, due_at) as (
    (
        select webhook_id, due_at from webhook_deliveries where status = 'pending' order by webhook_id, due_at, number limit 1
    )
    union all
    select n.webhook_id, n.due_at
    from waiting w
    cross join lateral (
        select webhook_id, due_at
        from webhook_deliveries
        where status = 'pending' and webhook_id > w.webhook_id
        order by webhook_id, due_at, number
        limit 1
    ) n
), free as materialized (
    select w.id
    from waiting d
    join webhooks w on w.id = d.webhook_id
    where
        d.due_at <= now() and w.disabled_at is null and (w.rests_until is null or w.rests_until <= now())
        and ((w.held_by is null and w.lost_by is distinct from %(holder)s) or w.leased_until < now())
    order by w.leased_until nulls first, d.due_at
    limit %(count)s
    for no key update of w skip locked
)
update webhooks w
set
    held_by = %(holder)s, leased_until = now() + %(lease)s::interval,
    lost_by = case when w.lost_by <> %(holder)s then w.lost_by end
from free
where w.id = free.id
returning
    w.*, w.former_secret_until > now() as has_former_secret, set_config('synchronous_commit', 'off', true) as flushes
