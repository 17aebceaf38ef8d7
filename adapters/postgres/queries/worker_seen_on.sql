select exists (
    select 1 from workers where starts_with(name, %(host)s || ':') and last_seen > now() - %(lease)s
) as seen
