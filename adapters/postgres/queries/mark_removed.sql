with removed as (
    update batches
    set content_removed_at = %(at)s, is_losing_content = true
    where id = %(id)s and finished_at is not null and content_removed_at is null
    returning id, script_id, version
)
insert into audit (action, key_id, request_id, server_request_id, script_id, version, batch_id)
select
    'removed_batch', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
from removed
