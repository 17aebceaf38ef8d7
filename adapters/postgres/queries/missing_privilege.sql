-- A privilege that this role lacks on one of the service's tables, of those that the statements beside this file need.
select current_user as role, n.nspname as schema, c.relname as name, upper(p.privilege) as privilege
from (values
    ('api_keys', '{select,insert,update}'::text[]),
    ('audit', '{select,insert}'),
    ('backups', '{select}'),
    ('execution_inputs', '{select,insert,delete}'),
    ('execution_keys', '{select,insert,update,delete}'),
    ('execution_results', '{select,insert,delete}'),
    ('executions', '{select,insert,update,delete}'),
    ('idempotency_keys', '{select,insert,update,delete}'),
    ('installation', '{select}'),
    ('live_logs', '{select,insert,update,delete}'),
    ('schema_migrations', '{select}'),
    ('script_tests', '{select,insert,update,delete}'),
    ('script_versions', '{select,insert}'),
    ('scripts', '{select,insert,update}'),
    ('submission_facts', '{select}'),
    ('test_results', '{select,insert,update}'),
    ('workers', '{select,insert,update,delete}')
) as needed (name, privileges)
join pg_class c on c.oid = to_regclass(needed.name)
join pg_namespace n on n.oid = c.relnamespace
cross join unnest(needed.privileges) as p (privilege)
where not has_table_privilege(c.oid, p.privilege)
order by c.relname, p.privilege
limit 1
