-- The use of versions of a script: its tests by their results on each, and the newest executions of each, up to `up_to`, by
-- the index of a version's executions. Replays are examined too, so that their number does not matter, and not counted.
select
    v.number, u.examined < %(up_to)s as is_complete, u.executions, u.failed, u.cancelled, t.tests_passed, t.tests_failed,
    t.tests_not_run
from unnest(%(numbers)s::integer[]) as v (number)
cross join lateral (
    select
        count(*) as examined, count(*) filter (where replay_of is null) as executions,
        count(*) filter (where replay_of is null and error_kind <> 'cancelled') as failed,
        count(*) filter (where replay_of is null and error_kind = 'cancelled') as cancelled
    from (
        select e.replay_of, e.error_kind
        from executions e
        where e.script_id = %(script_id)s and e.version = v.number
        order by e.script_id desc, e.version desc, e.id desc
        limit %(up_to)s
    ) newest
) u
cross join lateral (
    select
        count(*) filter (where r.passed) as tests_passed, count(*) filter (where not r.passed) as tests_failed,
        count(*) filter (where r.passed is null) as tests_not_run
    from script_tests s
    left join test_results r on r.test_id = s.id and r.version = v.number
    where s.script_id = %(script_id)s
) t
