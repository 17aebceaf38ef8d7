-- How many connections this role may have to this database at once, superusers' reserve apart.
select least(
    nullif(r.rolconnlimit, -1),
    nullif(d.datconnlimit, -1),
    current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true), '0')::int
) as connections
from pg_roles r, pg_database d
where r.rolname = session_user and d.datname = current_database()
