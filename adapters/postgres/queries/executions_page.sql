-- It is planned with the parameters' values, so a filter that is null costs nothing.
-- Keys are looked up for what is shown, and where something is sealed.
with page as materialized (
    select e.*, f.*
    from executions e
    join submission_facts f on f.of_script = e.script_id and f.of_version = e.version
    where
        (%(script)s::uuid is null or e.script_id = %(script)s)
        and (%(version)s::integer is null or e.version = %(version)s)
        and (%(state)s::text is null or e.state = %(state)s)
        -- says nothing new of these states, but leads to their index
        and (%(state)s::text is null or %(state)s not in ('succeeded', 'failed') or e.finished_at is not null)
        and (%(submitted_from)s::timestamptz is null or e.submitted_at >= %(submitted_from)s)
        and (%(submitted_to)s::timestamptz is null or e.submitted_at < %(submitted_to)s)
        and (%(replays)s::boolean or %(replay_of)s::uuid is not null or e.replay_of is null)
        and (%(replay_of)s::uuid is null or e.replay_of = %(replay_of)s)
        and (%(input_of)s::text is null or e.attribution ->> 'input_of' = %(input_of)s)
        and (
            %(batch)s::text is null
            or e.attribution -> 'batch' is not null and e.attribution -> 'batch' ->> 'batch_id' = %(batch)s
        )
        and (%(before)s::uuid is null or e.id < %(before)s)
    order by e.id desc
    limit %(limit)s
)
select p.*, k.master_key_id, k.wrapped as wrapped_key
from page p
left join lateral (
    select * from execution_keys where execution_id = p.id and p.error_sealed is not null limit 1
) k on true
order by p.id desc
