-- The latest replays of the script's last executions on the version, newest first. Those of named executions, of one
-- version or since some time need not be of its last ones.
select
    r.id, (r.wanted ->> 'last')::integer as last, r.finished_at is not null as is_finished,
    r.accepted_at is not null as is_accepted, e.total, e.compared, e.different, e.incomplete
from (
    select id, wanted, finished_at, accepted_at
    from version_replays
    where
        script_id = %(script_id)s
        and version = %(version)s
        and wanted ->> 'last' is not null
        and wanted ->> 'since' is null
        and wanted ->> 'of_version' is null
    order by id desc
    limit %(limit)s
) r
cross join lateral (
    select
        count(*) as total,
        count(*) filter (where outcome in ('equal', 'changed', 'now-failing', 'now-succeeding')) as compared,
        count(*) filter (where outcome in ('changed', 'now-failing', 'now-succeeding')) as different,
        count(*) filter (where outcome is null or outcome = 'incomplete') as incomplete
    from version_replay_executions
    where replay_id = r.id
) e
order by r.id desc
