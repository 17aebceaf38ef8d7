-- Scripts take turns: each that has pending rows gives its oldest, then each that has more its second, and so on, until
-- there are enough. The walk over the scripts begins behind `after`, the one that this worker served last, and ends with
-- it. The recursive parts give one row at a time and only as many as are asked for, and each row is one descent of the
-- index of pending rows, so the cost grows with the batch and with nothing else. They may not lock; what they give is
-- locked next, in the same order, which passes over what others hold, gives each row's newest version, and no row too
-- many. What never changes is joined to it. Of the datasets, no more are taken than `most_bytes` and the one that reaches it.
-- `excluded_engines`, null if there are none, end the turn of a script at the first execution whose version is on one of
-- them: what is behind it waits too, so that no claim ever walks through a queue of executions that it may not take. They
-- are looked up by a scalar subquery, one row at a time; `not exists` would be planned as a hash of all executions. The
-- filter stands twice, for the first row of a turn and for the next ones: one filter behind both could not end the turn.
-- Replays wait apart, in an index of their own: `claim_replays` is this statement with the other half of the pending rows.
with recursive
busy as materialized (
    select script_id, count(*) as runs from executions where state = 'running' group by script_id
),
scripts_in_turn (script_id, id, up_to) as (
    select %(after)s::uuid, null::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid
    union all
    select n.*
    from scripts_in_turn t
    cross join lateral (
        (
            select e.script_id, e.id, t.up_to
            from executions e
            where e.state = 'pending' and e.replay_of is null and e.script_id > t.script_id and e.script_id <= t.up_to
            order by e.script_id, e.id
            limit 1
        )
        union all
        (
            select e.script_id, e.id, %(after)s::uuid
            from executions e
            where e.state = 'pending' and e.replay_of is null and e.script_id <= %(after)s::uuid and t.up_to > %(after)s::uuid
            order by e.script_id, e.id
            limit 1
        )
        limit 1
    ) n
),
-- `room` is how many runs more the script may have. Without a cap it is null, and what runs is not counted.
turns (script_id, id, room) as (
    select script_id, id, room
    from (
        select
            s.*,
            case when %(script_runs)s::bigint is not null
                then %(script_runs)s - coalesce((select runs from busy b where b.script_id = s.script_id), 0)
            end as room
        from scripts_in_turn s
        where id is not null
    ) first
    where
        room > 0 is not false
        and (
            %(excluded_engines)s::text[] is null
            or (
                select v.engine
                from executions e
                join script_versions v on v.script_id = e.script_id and v.number = e.version
                where e.id = first.id
            ) <> all(%(excluded_engines)s::text[])
        )
    union all
    select t.script_id, n.id, t.room - 1
    from turns t
    cross join lateral (
        select e.id
        from executions e
        where e.state = 'pending' and e.replay_of is null and e.script_id = t.script_id and e.id > t.id
        order by e.id
        limit 1
    ) n
    where
        t.room > 1 is not false
        and (
            %(excluded_engines)s::text[] is null
            or (
                select v.engine
                from executions e
                join script_versions v on v.script_id = e.script_id and v.number = e.version
                where e.id = n.id
            ) <> all(%(excluded_engines)s::text[])
        )
),
waiting as materialized (
    select e.*
    from turns t
    cross join lateral (
        -- the script too, so that one descent finds the row, whichever index is taken
        select * from executions
        where script_id = t.script_id and id = t.id and state = 'pending' and replay_of is null
        for update skip locked
    ) e
    limit %(count)s
),
placed as (
    select *, row_number() over () as place from waiting
),
loaded as (
    select
        p.*, i.encoding as input_encoding, i.body as input_body, i.sealed as input_sealed,
        sum(octet_length(i.body)) over (order by p.place rows unbounded preceding) - octet_length(i.body) as bytes_before
    from placed p
    cross join lateral (select * from execution_inputs where execution_id = p.id limit 1) i -- one descent of its key
)
select
    e.*, f.*, v.source, v.warnings as source_warnings, k.master_key_id, k.wrapped as wrapped_key, clock_timestamp() as read_at
from loaded e
join submission_facts f on f.of_script = e.script_id and f.of_version = e.version
join script_versions v on v.script_id = e.script_id and v.number = e.version
left join lateral (select * from execution_keys where execution_id = e.id limit 1) k on true
where e.bytes_before < %(most_bytes)s
order by e.place
