-- Of a webhook that the process holds and whose row it has locked.
update webhooks
set disabled_at = %(disabled_at)s, disabled_reason = %(disabled_reason)s, held_by = null
where id = %(id)s
