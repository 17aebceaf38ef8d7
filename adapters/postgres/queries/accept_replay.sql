with accepted as (
    update version_replays
    set accepted_at = %(accepted_at)s, accepted_by = %(accepted_by)s::uuid, acceptance_note = %(note)s
    where id = %(id)s and finished_at is not null and accepted_at is null
    returning id, script_id, version
)
insert into audit (action, key_id, request_id, server_request_id, script_id, version, replay_id)
select
    'accepted_replay', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
from accepted
