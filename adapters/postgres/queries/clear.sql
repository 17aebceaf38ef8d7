-- Everything in the schema, but not the schema itself, whose owner and rights are the database's own.
do $$
declare
    one record;
begin
    for one in select oid::regclass as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v' loop
        execute format('drop view if exists %s cascade', one.name);
    end loop;
    for one in select oid::regclass as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') loop
        execute format('drop table if exists %s cascade', one.name);
    end loop;
    for one in select oid::regprocedure as name from pg_proc where pronamespace = 'public'::regnamespace loop
        execute format('drop routine if exists %s cascade', one.name);
    end loop;
    for one in select oid::regclass as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' loop
        execute format('drop sequence if exists %s cascade', one.name);
    end loop;
end
$$;
