-- Who holds an advisory lock of this database, and what that session does.
select
    a.pid,
    coalesce(nullif(a.application_name, ''), 'without a name') as application_name,
    a.usename,
    coalesce(a.state, 'in an unknown state') as state,
    coalesce(date_trunc('second', a.backend_start)::text, 'an unknown time') as since
from pg_locks l
join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = %(lock)s::bigint::oid
    and l.database = (select oid from pg_database where datname = current_database())
limit 1
