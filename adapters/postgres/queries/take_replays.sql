with free as materialized (
    select id
    from version_replays
    where finished_at is null and (held_by is null or held_by = %(holder)s or leased_until < now())
    order by id
    limit %(count)s
    for update skip locked
)
update version_replays r
set held_by = %(holder)s, leased_until = now() + %(lease)s::interval
from free
where r.id = free.id
returning r.*
