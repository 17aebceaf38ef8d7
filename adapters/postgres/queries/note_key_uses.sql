-- The ids come in their order, so that two processes which write at once never wait for one another. A clock that is wrong
-- makes no use come before its key.
update api_keys k set last_used_at = greatest(u.used_at, k.created_at)
from unnest(%(ids)b::uuid[], %(used_at)b::timestamptz[]) as u (id, used_at)
where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.used_at)
