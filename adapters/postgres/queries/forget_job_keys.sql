-- As `forget_keys`, but the job stays.
with expired as materialized (
    select id
    from jobs
    where key_expires_at <= now()
    order by key_expires_at
    limit %(count)s
    for no key update skip locked
)
update jobs j
set idempotency_key = null, request_sha256 = null, key_expires_at = null
from expired e
where j.id = e.id
