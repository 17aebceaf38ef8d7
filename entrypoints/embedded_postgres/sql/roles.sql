-- The roles of an embedded cluster, whatever release made it: a superuser that nobody can log in as, and the service's role,
-- which owns the one database and has no power beyond it. Run in template1 at each start, in single-user mode, as one
-- transaction: so no statement may be followed by an empty line, which would end it.
--
-- Earlier releases connected as the bootstrap superuser (oid 10), called bateia, to the database postgres. It cannot be renamed
-- by `alter role`, which refuses the role of the session, nor lose its power, so it gives its name to a new role.
update pg_authid set rolname = 'postgres' where oid = 10 and rolname <> 'postgres';
alter role postgres nologin password null;
do $$
begin
    if not exists (select from pg_roles where rolname = 'bateia') then
        create role bateia;
    end if;
    if exists (select from pg_database where datname = 'postgres') then
        alter database postgres rename to bateia;
    end if;
end
$$;
alter role bateia with login password null valid until 'infinity' connection limit -1
    nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
do $$
declare
    one record;
begin
    for one in select roleid::regrole as name from pg_auth_members where member = 'bateia'::regrole loop
        execute format('revoke %s from bateia', one.name);
    end loop;
end
$$;
alter database bateia owner to bateia;
