-- It is planned with the parameters' values, and reads the index of executions with content, or of one version, from the
-- newest on. An execution's id is as old as its submission but for the clocks' error, so those before `since` end the reading.
select id
from executions
where
    script_id = %(script_id)s and finished_at is not null and content_removed_at is null and replay_of is null
    and (%(of_version)s::integer is null or version = %(of_version)s)
    and (%(since)s::timestamptz is null or submitted_at >= %(since)s)
    and (%(since)s::timestamptz is null or id >= (
        lpad(to_hex(greatest(0, 1000 * extract(epoch from %(since)s::timestamptz - interval '1 hour'))::bigint), 12, '0')
        || repeat('0', 20)
    )::uuid)
order by id desc
limit %(last)s
