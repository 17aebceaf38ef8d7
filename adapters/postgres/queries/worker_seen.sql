insert into workers (name, last_seen) values (%(name)s, now())
on conflict (name) do update set last_seen = now()
