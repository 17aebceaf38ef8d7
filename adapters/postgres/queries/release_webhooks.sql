with held as materialized (
    select id
    from webhooks
    where id = any(%(ids)b::uuid[]) and (held_by = %(holder)s or lost_by = %(holder)s)
    order by id
    for no key update
)
update webhooks w
set
    held_by = case when w.held_by <> %(holder)s then w.held_by end,
    lost_by = case when w.lost_by <> %(holder)s then w.lost_by end
from held
where w.id = held.id
