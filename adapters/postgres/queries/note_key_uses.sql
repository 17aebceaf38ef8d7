-- In the order of the ids, so that two processes which write at once never wait for one another. A clock that is wrong
-- makes no use come before the key.
with used as materialized (
    select k.id, greatest(u.used_at, k.created_at) as used_at
    from unnest(%(ids)b::uuid[], %(used_at)b::timestamptz[]) as u (id, used_at)
    join api_keys k on k.id = u.id
    order by k.id
    for update of k
)
update api_keys k set last_used_at = u.used_at
from used u
where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.used_at)
