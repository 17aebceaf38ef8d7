-- Executions, replays on a version, batches and jobs, for whose ends readers wait.
select id from executions where id = any(%(ids)s) and finished_at is not null
union all
select id from version_replays where id = any(%(ids)s) and finished_at is not null
union all
select id from batches where id = any(%(ids)s) and finished_at is not null
union all
select id from jobs where id = any(%(ids)s) and finished_at is not null
