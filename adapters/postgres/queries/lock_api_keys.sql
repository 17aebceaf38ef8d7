-- In the order of their ids, so that two revocations never wait for one another.
select id, revoked_at from api_keys where id = any(%(ids)s::uuid[]) order by id for update
