-- The hold ends, so that no message is signed with the former secrets alone from now on.
update webhooks
set
    secret = %(secret)b, former_secret = %(former_secret)b, former_secret_until = %(former_secret_until)s,
    master_key_id = coalesce(master_key_id, %(master_key_id)s), wrapped = coalesce(wrapped, %(wrapped)b),
    held_by = null, lost_by = coalesce(held_by, lost_by)
where id = %(id)s
