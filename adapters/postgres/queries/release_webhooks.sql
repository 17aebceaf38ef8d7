with held as materialized (
    select id from webhooks where id = any(%(ids)b::uuid[]) and held_by = %(holder)s order by id for no key update
)
update webhooks w set held_by = null from held where w.id = held.id
