select key, request_sha256, execution_id
from idempotency_keys
where key = any(%(keys)s::text[]) and expires_at > now()
