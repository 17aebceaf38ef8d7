select distinct application_name
from pg_stat_activity
where datname = current_database()
    -- A URL may give the service's connections another name.
    and (application_name like 'bateia %' or usename = current_user)
    and backend_type = 'client backend'
    and pid <> pg_backend_pid()
