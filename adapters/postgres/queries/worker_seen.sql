insert into workers (name, last_seen, slots) values (%(name)s, now(), %(slots)s)
on conflict (name) do update set last_seen = now(), slots = excluded.slots
