with held as materialized (
    select id from webhooks where id = any(%(ids)b::uuid[]) and held_by = %(holder)s order by id for no key update
)
update webhooks w
set leased_until = now() + %(lease)s::interval
from held
where w.id = held.id
returning w.id
