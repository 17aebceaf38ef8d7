-- The role that migrates, the schema that its tables go to, and a role that it is no member of and that owns tables there.
select
    current_user as role,
    coalesce(s.name, 'public') as schema,
    (
        select min(pg_get_userbyid(c.relowner)::text)
        from pg_class c
        where c.relnamespace = to_regnamespace(quote_ident(coalesce(s.name, 'public')))
            and c.relkind = 'r'
            and c.relname in (
                'api_keys', 'audit', 'execution_inputs', 'execution_keys', 'execution_results', 'executions',
                'idempotency_keys', 'schema_migrations', 'script_tests', 'script_versions', 'scripts', 'test_results', 'workers'
            )
            and not pg_has_role(c.relowner, 'usage')
    ) as foreign_owner
from (select current_schema()::text as name) s
