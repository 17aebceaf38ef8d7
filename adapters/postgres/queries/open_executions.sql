-- The first executions of a replay without an outcome, and how far their replays are.
with open as materialized (
    select number, original_id, execution_id
    from version_replay_executions
    where replay_id = %(replay_id)s and outcome is null
    order by number
    limit %(limit)s
)
select o.*, e.id is not null as is_added, e.finished_at is not null as is_finished
from open o
left join lateral (select id, finished_at from executions where id = o.execution_id limit 1) e on true
order by o.number
