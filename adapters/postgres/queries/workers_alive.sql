select count(*) as alive from workers where last_seen > now() - %(lease)s::interval
