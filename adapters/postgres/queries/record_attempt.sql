-- An attempt for a webhook that the process holds. Health that stays the same is not written. A commit that a crash of the
-- database loses repeats the attempt, so none waits for its flush, but that of an attempt that disables the webhook.
with held as materialized (
    select id from webhooks where id = %(webhook_id)s and held_by = %(holder)s for no key update
), recorded as (
    update webhook_deliveries d
    set
        status = %(status)s, attempts = %(attempts)s, due_at = %(due_at)s,
        ended_at = case when %(status)s <> 'pending' then clock_timestamp() end,
        last_at = %(last_at)s, last_ms = %(last_ms)s, last_status = %(last_status)s, last_text = %(last_text)s,
        last_retry_after = %(last_retry_after)s, last_fault = %(last_fault)s, last_detail = %(last_detail)s
    from held
    where d.number = %(number)s and d.webhook_id = held.id
), changed as (
    update webhooks w
    set failures = %(failures)s, failing_since = %(failing_since)s, rests_until = %(rests_until)s
    from held
    where
        w.id = held.id
        and (w.failures, w.failing_since, w.rests_until) is distinct from (
            %(failures)s::integer, %(failing_since)s::timestamptz, %(rests_until)s::timestamptz
        )
)
select set_config('synchronous_commit', case when %(disables)s then current_setting('synchronous_commit') else 'off' end, true)
from held
