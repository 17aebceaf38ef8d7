-- A key that has expired is free for another job. It comes before `add_job`, in the same transaction.
update jobs
set idempotency_key = null, request_sha256 = null, key_expires_at = null
where idempotency_key = %(key)s::text and key_expires_at <= now()
