-- All that the bootstrap superuser (oid 10) owns in the schemas of the service becomes the service's role's. Columns' own
-- sequences go with their tables, members of extensions stay. One transaction, without empty lines, as in roles.sql.
do $$
declare
    one record;
begin
    for one in
        with spaces as (
            select oid, nspname, nspowner
            from pg_namespace
            where nspname !~ '^pg_' and nspname <> 'information_schema'
        ),
        extensions as (select classid, objid from pg_depend where deptype = 'e')
        select format('alter schema %I owner to bateia', nspname) as statement
        from spaces
        where nspowner = 10
        union all
        select format('alter %s %s owner to bateia', case c.relkind
            when 'v' then 'view'
            when 'm' then 'materialized view'
            when 'S' then 'sequence'
            when 'f' then 'foreign table'
            when 'c' then 'type'
            else 'table'
        end, c.oid::regclass)
        from pg_class c
        join spaces s on s.oid = c.relnamespace
        where c.relowner = 10
            and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')
            and ('pg_class'::regclass, c.oid) not in (select classid, objid from extensions)
            and not exists (
                select from pg_depend d
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and c.relkind = 'S' and d.deptype in ('a', 'i')
            )
        union all
        select format('alter routine %s owner to bateia', p.oid::regprocedure)
        from pg_proc p
        join spaces s on s.oid = p.pronamespace
        where p.proowner = 10 and ('pg_proc'::regclass, p.oid) not in (select classid, objid from extensions)
        union all
        select format('alter type %s owner to bateia', t.oid::regtype)
        from pg_type t
        join spaces s on s.oid = t.typnamespace
        where t.typowner = 10
            and t.typtype in ('e', 'd', 'r')
            and ('pg_type'::regclass, t.oid) not in (select classid, objid from extensions)
    loop
        execute one.statement;
    end loop;
end
$$;
