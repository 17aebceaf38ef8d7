-- One replay, or a page of those on a version, newest first. It is planned with the parameters' values. What a replay that
-- has not finished has come to is counted; afterwards its report says so.
with page as materialized (
    select *
    from version_replays
    where
        (%(id)s::uuid is null or id = %(id)s)
        and (%(script_id)s::uuid is null or (script_id = %(script_id)s and version = %(version)s))
        and (%(before)s::uuid is null or id < %(before)s)
    order by id desc
    limit %(limit)s
)
select
    p.*, s.name as script_name, c.name as created_by_name, a.name as accepted_by_name,
    o.total, o.equal, o.changed, o.now_failing, o.now_succeeding, o.skipped, o.incomplete,
    o.rows_equal, o.rows_changed, o.rows_added, o.rows_removed
from page p
join scripts s on s.id = p.script_id
left join lateral (select name from api_keys where id = p.created_by limit 1) c on true
left join lateral (select name from api_keys where id = p.accepted_by limit 1) a on true
cross join lateral (
    select
        count(*) as total,
        count(*) filter (where outcome = 'equal') as equal,
        count(*) filter (where outcome = 'changed') as changed,
        count(*) filter (where outcome = 'now-failing') as now_failing,
        count(*) filter (where outcome = 'now-succeeding') as now_succeeding,
        count(*) filter (where outcome = 'skipped') as skipped,
        count(*) filter (where outcome = 'incomplete') as incomplete,
        coalesce(sum((counts ->> 'equal')::bigint), 0)::bigint as rows_equal,
        coalesce(sum((counts ->> 'changed')::bigint), 0)::bigint as rows_changed,
        coalesce(sum((counts ->> 'added')::bigint), 0)::bigint as rows_added,
        coalesce(sum((counts ->> 'removed')::bigint), 0)::bigint as rows_removed
    from version_replay_executions
    where replay_id = p.id and p.report is null
) o
order by p.id desc
