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
), counted as materialized (
    select count_ends(batch_id, 0, 1, finished_at) as id from cancelled where batch_id is not null
), recorded as materialized (
    select record_end(id, script_id, version, attribution, state, output_sha256, output_bytes, error_kind) as has_event
    from cancelled
    where batch_id is null and replay_of is null
)
select
    pg_notify('bateia_ended', id::text),
    case when %(read_claim_id)s::uuid is not null then pg_notify('bateia_cancelled', %(read_claim_id)s::text) end,
    (select pg_notify('bateia_ended', id::text) from counted where id is not null),
    case
        when exists (select from recorded where has_event) or exists (select from counted where id is not null)
        then pg_notify('bateia_webhooks', '')
    end
from cancelled
