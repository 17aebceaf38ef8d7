select distinct application_name
from pg_stat_activity
where datname = current_database() and application_name like 'bateia %' and pid <> pg_backend_pid()
