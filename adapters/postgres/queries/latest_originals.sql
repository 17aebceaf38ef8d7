-- It is planned with the parameters' values. Each version's executions are read from the newest on; an execution's id is as
-- old as its submission but for the clocks' error, so those before `since` end the reading.
select e.id
from script_versions v
cross join lateral (
    select id
    from executions
    where
        script_id = v.script_id and version = v.number and finished_at is not null and replay_of is null
        and (%(since)s::timestamptz is null or submitted_at >= %(since)s)
        and (%(since)s::timestamptz is null or id >= (
            lpad(to_hex(greatest(0, 1000 * extract(epoch from %(since)s::timestamptz - interval '1 hour'))::bigint), 12, '0')
            || repeat('0', 20)
        )::uuid)
    order by id desc
    limit %(last)s
) e
where v.script_id = %(script_id)s and (%(of_version)s::integer is null or v.number = %(of_version)s)
order by e.id desc
limit %(last)s
