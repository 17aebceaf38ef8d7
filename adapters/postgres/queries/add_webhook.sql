insert into webhooks (
    id, url, events, scripts, description, created_at, created_by, disabled_at, disabled_reason, failures,
    failing_since, rests_until, secret, master_key_id, wrapped
) values (
    %(id)s, %(url)s, %(events)s::text[], %(scripts)b::uuid[], %(description)s, %(created_at)s, %(created_by)s,
    %(disabled_at)s, %(disabled_reason)s, %(failures)s, %(failing_since)s, %(rests_until)s,
    %(secret)b, %(master_key_id)s, %(wrapped)b
)
