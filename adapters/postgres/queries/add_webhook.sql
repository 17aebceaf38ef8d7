insert into webhooks (
    id, url, events, scripts, description, created_at, created_by, secret, master_key_id, wrapped
) values (
    %(id)s, %(url)s, %(events)s::text[], %(scripts)b::uuid[], %(description)s, %(created_at)s, %(created_by)s,
    %(secret)b, %(master_key_id)s, %(wrapped)b
)
