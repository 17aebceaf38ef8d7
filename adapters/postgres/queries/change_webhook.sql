-- A change of where and whether events are sent ends the hold, so that none is sent as before from now on: the process
-- that had the webhook cannot record the attempt that it makes meanwhile.
update webhooks
set
    url = %(url)s, events = %(events)s::text[], scripts = %(scripts)b::uuid[], description = %(description)s,
    disabled_at = %(disabled_at)s, disabled_reason = %(disabled_reason)s,
    failures = %(failures)s, failing_since = %(failing_since)s, rests_until = %(rests_until)s,
    held_by = case when not %(ends_hold)s then held_by end,
    lost_by = case when %(ends_hold)s then coalesce(held_by, lost_by) else lost_by end
where id = %(id)s
