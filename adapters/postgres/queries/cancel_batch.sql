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
), counted as (
    update batches b
    set
        failed = failed + n.ended, last_ended_at = greatest(last_ended_at, at),
        cancelled_at = coalesce(cancelled_at, greatest(%(at)s::timestamptz, submitted_at)),
        finished_at = case
            when succeeded + failed + n.ended = lines then greatest(submitted_at, last_ended_at, at)
        end
    from (select count(*) as ended, max(finished_at) as at from cancelled) n
    where b.id = %(batch_id)s and n.ended > 0
    returning b.*, batch_facts(b) as facts
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, batch_id)
    select
        'cancelled_batch', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
    from counted
), recorded as (
    insert into webhook_deliveries (webhook_id, event, script_id, facts)
    select webhook_id, 'batch.finished', script_id, facts
    from counted, interested_webhooks('batch.finished', script_id) webhook_id
    where finished_at is not null
    returning 1
), messages as (
    select 'bateia_cancelled' as channel, claim_id::text as payload from cancelled where claim_id is not null
    union all
    select 'bateia_ended', string_agg(id::text, ',')
    from (select id, row_number() over () / 200 as part from cancelled) c
    group by part
    union all
    select 'bateia_ended', id::text from counted where finished_at is not null
    union all
    select 'bateia_webhooks', '' where exists (select from recorded)
)
select (select count(*) from cancelled) as cancelled, count(pg_notify(channel, payload)) from messages
