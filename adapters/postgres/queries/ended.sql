select id from executions where id = any(%(ids)s) and finished_at is not null
