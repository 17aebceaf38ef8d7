-- The valid key with that scope, other than one, that never expires or expires last.
select *
from api_keys
where revoked_at is null and id <> %(besides)s and %(scope)s = any(scopes) and (expires_at is null or expires_at > %(at)s)
order by expires_at desc nulls first, id desc
limit 1
