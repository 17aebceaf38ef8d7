-- The execution of each script that was submitted last, replays apart: the latest of each version is one descent of the
-- index of all executions.
select distinct on (v.script_id)
    v.script_id, e.id, v.number as version, e.state, e.submitted_at, e.finished_at, e.error_kind
from script_versions v
cross join lateral (
    select id, state, submitted_at, finished_at, error_kind
    from executions
    where script_id = v.script_id and version = v.number and replay_of is null
    order by id desc
    limit 1
) e
where v.script_id = any(%(ids)s)
order by v.script_id, e.id desc
