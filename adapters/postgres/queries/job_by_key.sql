select id, request_sha256 from jobs where idempotency_key = %(key)s and key_expires_at > now()
