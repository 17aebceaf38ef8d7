-- The row has to be as it was read. The claim's id, which is fresh each time, says so of a running one. A pending one
-- has none: it may have been claimed and given back, which is the same value again, or claimed and lost, which its
-- attempt tells. Naming the state would say less. What is not set here is null in every row that has not ended.
with cancelled as (
    update executions
    set
        state = %(state)s, attempt = %(attempt)s, started_at = %(started_at)s, finished_at = %(finished_at)s,
        claim_id = null, worker = null, leased_until = null,
        error_kind = %(error_kind)s, error_message = %(error_message)s, error_sha256 = %(error_sha256)b
    where
        id = %(id)s and claim_id is not distinct from %(read_claim_id)s::uuid and attempt = %(read_attempt)s
        and finished_at is null
    returning
        id, script_id, version, state, finished_at, attribution, replay_of, output_sha256, output_bytes, error_kind,
        (attribution -> 'batch' ->> 'batch_id')::uuid as batch_id
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, execution_id)
    select
        'cancelled', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
    from cancelled
), counted as (
    update batches b
    set
        failed = failed + 1, last_ended_at = greatest(last_ended_at, c.finished_at),
        finished_at = case
            when succeeded + failed + 1 = lines then greatest(submitted_at, last_ended_at, c.finished_at)
        end
    from cancelled c
    where b.id = batch_id
    returning b.id, b.script_id, b.finished_at, batch_facts(b) as facts
), recorded as (
    insert into webhook_deliveries (webhook_id, event, script_id, facts)
    select
        webhook_id, 'execution.failed', script_id,
        execution_facts(id, version, attribution, state, output_sha256, output_bytes, error_kind)
    from cancelled, interested_webhooks('execution.failed', script_id) webhook_id
    where batch_id is null and replay_of is null
    union all
    select webhook_id, 'batch.finished', script_id, facts
    from counted, interested_webhooks('batch.finished', script_id) webhook_id
    where finished_at is not null
    returning 1
)
select
    pg_notify('bateia_ended', id::text),
    case when %(read_claim_id)s::uuid is not null then pg_notify('bateia_cancelled', %(read_claim_id)s::text) end,
    (select pg_notify('bateia_ended', id::text) from counted where finished_at is not null),
    case when exists (select from recorded) then pg_notify('bateia_webhooks', '') end
from cancelled
