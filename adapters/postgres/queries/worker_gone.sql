delete from workers where name = %(name)s or last_seen < now() - interval '1 hour'
