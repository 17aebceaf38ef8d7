-- Rows are locked in the order of their ids, that of the lines, as `settle` locks them, so whichever of two statements comes
-- second waits, and reads the rows as the first one left them. What runs by then is cancelled by its claim's id.
with unfinished as materialized (
    select id, claim_id
    from executions
    where
        attribution -> 'batch' is not null and attribution -> 'batch' ->> 'batch_id' = %(batch_id)s::uuid::text
        and finished_at is null
    order by (attribution -> 'batch' -> 'line')::integer
    for update
), cancelled as (
    update executions e
    set
        state = 'failed', finished_at = greatest(%(at)s::timestamptz, submitted_at, started_at),
        claim_id = null, worker = null, leased_until = null,
        error_kind = %(error_kind)s, error_message = %(error_message)s, error_sha256 = %(error_sha256)b
    from unfinished u
    where e.id = u.id
    returning e.id, u.claim_id, e.finished_at
), counted as materialized (
    select count_ends(%(batch_id)s, 0, ended, at, %(at)s) as id
    from (select count(*) as ended, max(finished_at) as at from cancelled) c
    where ended > 0
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, batch_id)
    select
        'cancelled_batch', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, b.id
    from batches b
    where b.id = %(batch_id)s and exists (select from cancelled)
), messages as (
    select 'bateia_cancelled' as channel, claim_id::text as payload from cancelled where claim_id is not null
    union all
    select 'bateia_ended', string_agg(id::text, ',')
    from (select id, row_number() over () / 200 as part from cancelled) c
    group by part
    union all
    select channel, case channel when 'bateia_ended' then id::text else '' end
    from counted, unnest('{bateia_ended,bateia_webhooks}'::text[]) channel
    where id is not null
)
select
    (select count(*) from cancelled) as cancelled,
    (select array_agg(id) from cancelled where claim_id is not null) as ids,
    (select array_agg(claim_id) from cancelled where claim_id is not null) as claim_ids,
    count(pg_notify(channel, payload))
from messages
