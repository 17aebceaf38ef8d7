-- Executions of a batch that have ended and have their content. Keys are looked up where something is sealed.
select e.*, f.*, k.master_key_id, k.wrapped as wrapped_key
from executions e
join submission_facts f on f.of_script = e.script_id and f.of_version = e.version
left join lateral (
    select * from execution_keys where execution_id = e.id and e.error_sealed is not null limit 1
) k on true
where
    e.attribution -> 'batch' is not null and e.attribution -> 'batch' ->> 'batch_id' = %(batch_id)s::uuid::text
    and e.finished_at is not null and e.content_removed_at is null
order by (e.attribution -> 'batch' -> 'line')::integer
limit %(limit)s
