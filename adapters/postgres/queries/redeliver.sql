-- A pending delivery may be in the hands of the process that holds the webhook, which must not overwrite what is asked for
-- here: it loses the hold.
with changed as (
    update webhook_deliveries
    set
        status = %(status)s, attempts = %(attempts)s, due_at = %(due_at)s,
        ended_at = case when %(status)s <> 'pending' then clock_timestamp() end
    where number = %(number)s
    returning *
), held as (
    update webhooks w
    set held_by = null, lost_by = coalesce(w.held_by, w.lost_by)
    from changed c
    where w.id = c.webhook_id and %(was_pending)s
)
select * from changed
