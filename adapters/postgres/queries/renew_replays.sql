update version_replays
set leased_until = now() + %(lease)s::interval
where id = any(%(ids)b::uuid[]) and held_by = %(holder)s and finished_at is null
