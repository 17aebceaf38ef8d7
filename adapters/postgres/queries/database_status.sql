select
    current_setting('server_version') as postgres_version, (select max(number) from schema_migrations) as schema_level,
    b.taken_at, b.verified_at, b.size_bytes
from (values (true)) one
left join lateral (select * from backups order by verified_at desc, id limit 1) b on true
