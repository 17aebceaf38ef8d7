-- oldest code: 1
-- Batches, webhooks and their deliveries. Code of levels 1 to 17 knows neither: it ends executions of batches without counting
-- them, and records no events. Replace it before the first batch is submitted and the first webhook created.

-- Executions of a batch, in the order of their lines, which is that of their ids.
create index executions_of_a_batch on executions (
    (attribution -> 'batch' ->> 'batch_id'), ((attribution -> 'batch' -> 'line')::integer)
)
where attribution -> 'batch' is not null;

-- `succeeded` and `failed` count the executions that have ended. Whatever ends one counts it in the same statement, after it
-- has locked the execution, so that all take the locks in one order. Ends are not counted in the order of their times:
-- `last_ended_at` is the latest so far. `is_losing_content` is set while executions may have content that is to be removed.
create table batches (
    id uuid primary key,
    script_id uuid not null,
    version integer not null,
    lines integer not null check (lines between 1 and 10000),
    submitted_at timestamptz not null,
    submitted_by uuid,
    alias text,
    succeeded integer not null default 0,
    failed integer not null default 0,
    cancelled_at timestamptz,
    last_ended_at timestamptz,
    finished_at timestamptz,
    content_removed_at timestamptz,
    is_losing_content boolean not null default false,
    foreign key (script_id, version) references script_versions (script_id, number),
    constraint an_execution_ends_once check (succeeded >= 0 and failed >= 0 and succeeded + failed <= lines),
    constraint the_last_end_finishes check ((finished_at is not null) = (succeeded + failed = lines)),
    constraint a_batch_s_times_are_in_order check (
        finished_at >= submitted_at and finished_at >= last_ended_at and cancelled_at >= submitted_at
        and content_removed_at >= finished_at
    ),
    constraint only_the_finished_lose_their_content check (content_removed_at is null or finished_at is not null),
    constraint only_the_removed_is_being_lost check (not is_losing_content or content_removed_at is not null)
);
create index batches_of_a_version on batches (script_id, version, id);
create index batches_with_content on batches (script_id, id) where finished_at is not null and content_removed_at is null;
create index batches_losing_their_content on batches (id) where is_losing_content;
alter table batches set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

-- Webhooks. A webhook has a data key of its own, as an execution has: `wrapped` is null where its secrets are not encrypted.
-- `scripts` is null for all. `held_by` and `leased_until` are the hold of the process that sends its events; after the hold,
-- `leased_until` orders the webhooks by their turns. `lost_by` is a process whose hold a client's change has ended, until it
-- releases the webhook.
create table webhooks (
    id uuid primary key,
    url text not null,
    events text[] not null check (cardinality(events) > 0),
    scripts uuid[],
    description text not null default '',
    created_at timestamptz not null,
    created_by uuid,
    secret bytea not null,
    former_secret bytea,
    former_secret_until timestamptz,
    master_key_id text,
    wrapped bytea,
    disabled_at timestamptz,
    disabled_reason text check (disabled_reason in ('requested', 'gone', 'failing')),
    failures integer not null default 0 check (failures >= 0),
    failing_since timestamptz,
    rests_until timestamptz,
    held_by uuid,
    leased_until timestamptz,
    lost_by uuid,
    constraint a_webhook_is_encrypted_or_not check ((master_key_id is null) = (wrapped is null)),
    constraint a_former_secret_ends check ((former_secret is null) = (former_secret_until is null)),
    constraint a_disabled_webhook_has_a_reason check ((disabled_at is null) = (disabled_reason is null)),
    constraint failures_have_a_beginning check ((failures = 0) = (failing_since is null))
);
create index webhooks_by_master_key on webhooks (master_key_id, id) where master_key_id is not null;

-- The events that enabled webhooks are subscribed to, a row for each script, which is the nil UUID for all. Statements that
-- bring an event about look here, so that an event without a subscription costs one descent of this index.
create table webhook_interests (
    event text not null,
    script_id uuid not null,
    webhook_id uuid not null references webhooks (id) on delete cascade,
    primary key (event, script_id, webhook_id)
);
create index webhook_interests_of_a_webhook on webhook_interests (webhook_id);

-- The outbox: an event for one webhook, written by the statement that brings it about. `number` orders those of a webhook.
-- `facts` has ids, status and digests. The last attempt has a `last_status` if the receiver responded, and a fault otherwise.
-- `webhook_id` is no reference: the check of one would lock the webhook's row for every event, against the processes that
-- take it, and an execution could not be settled while a webhook is being removed. What a webhook that is removed or
-- disabled leaves behind is removed or given up later, in chunks.
create table webhook_deliveries (
    number bigint generated always as identity primary key,
    id uuid not null unique default gen_random_uuid(),
    webhook_id uuid not null,
    event text not null,
    script_id uuid,
    facts jsonb not null check (jsonb_typeof(facts) = 'object'),
    created_at timestamptz not null default clock_timestamp(),
    status text not null default 'pending' check (status in ('pending', 'delivered', 'exhausted')),
    attempts smallint not null default 0 check (attempts >= 0),
    due_at timestamptz default clock_timestamp(),
    ended_at timestamptz,
    last_at timestamptz,
    last_ms integer,
    last_status integer,
    last_text text,
    last_retry_after integer,
    last_fault text,
    last_detail text,
    constraint a_pending_delivery_is_due check ((status = 'pending') = (due_at is not null)),
    constraint an_ended_delivery_has_its_time check ((status = 'pending') = (ended_at is null)),
    constraint an_attempt_has_an_outcome check (num_nonnulls(last_status, last_fault) = num_nonnulls(last_at)),
    constraint an_attempt_has_its_duration check ((last_at is null) = (last_ms is null))
);
-- By the time at which they are due, so that those that wait for another attempt, however many, are never visited. A second
-- index has these alone: once they are due, they are sent before all that was recorded later, however much that is.
create index webhook_deliveries_waiting on webhook_deliveries (webhook_id, due_at, number) where status = 'pending';
create index webhook_deliveries_failed_once on webhook_deliveries (webhook_id, due_at, number)
where status = 'pending' and attempts > 0;
create index webhook_deliveries_of_a_webhook on webhook_deliveries (webhook_id, status, number);
create index webhook_deliveries_ended on webhook_deliveries (ended_at) where ended_at is not null;
alter table webhook_deliveries set (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0
);

-- What follows from ends, as functions: statements call them where there is something to count or to record, and those about
-- anything else do not pay for more than the look whether there is.

-- Records an event for the webhooks that are interested in it. Tells whether there are any.
create function record_event(event text, script_id uuid, facts jsonb) returns boolean language plpgsql as $$
begin
    insert into webhook_deliveries (webhook_id, event, script_id, facts)
    select i.webhook_id, $1, $2, $3
    from webhook_interests i
    where i.event = $1 and i.script_id in ($2, '00000000-0000-0000-0000-000000000000');
    return found;
end
$$;

-- Records the end of an execution as an event.
create function record_end(
    id uuid, script_id uuid, version integer, attribution jsonb, state text, output_sha256 bytea, output_bytes bigint,
    error_kind text
) returns boolean language plpgsql as $$
begin
    return record_event(
        'execution.' || state, script_id,
        jsonb_build_object('execution', id, 'version', version, 'alias', attribution -> 'alias', 'status', state)
        || case state
            when 'succeeded' then
                jsonb_build_object('result_sha256', encode(output_sha256, 'hex'), 'result_bytes', output_bytes)
            else jsonb_build_object('error_kind', error_kind)
        end
    );
end
$$;

-- Counts ends of a batch's executions, the last of which came at that time. The last of all finishes the batch, which is an
-- event, and returns its id. `cancelled` is the time of a cancellation that they are due to, and null otherwise.
create function count_ends(
    batch_id uuid, succeeded bigint, failed bigint, at timestamptz, cancelled timestamptz default null
) returns uuid language plpgsql as $$
declare
    b batches;
begin
    update batches u
    set
        succeeded = u.succeeded + $2, failed = u.failed + $3, last_ended_at = greatest(u.last_ended_at, $4),
        cancelled_at = coalesce(u.cancelled_at, greatest($5, case when $5 is not null then u.submitted_at end)),
        finished_at = case
            when u.succeeded + u.failed + $2 + $3 = u.lines then greatest(u.submitted_at, u.last_ended_at, $4)
        end
    where u.id = $1
    returning * into b;
    if b.finished_at is null then
        return null;
    end if;
    perform record_event('batch.finished', b.script_id, jsonb_build_object(
        'batch', b.id, 'version', b.version, 'lines', b.lines, 'succeeded', b.succeeded, 'failed', b.failed,
        'cancelled', b.cancelled_at is not null
    ));
    return b.id;
end
$$;

-- Counts the ends of executions of several batches, which are locked in the order of their ids. Returns those that have
-- finished.
create function count_all_ends(batch_ids uuid[], states text[], times timestamptz[]) returns uuid[] language plpgsql as $$
declare
    of_batch record;
    finished uuid[];
begin
    for of_batch in
        select
            e.batch_id, count(*) filter (where e.state = 'succeeded') as succeeded,
            count(*) filter (where e.state = 'failed') as failed, max(e.at) as at
        from unnest($1, $2, $3) as e (batch_id, state, at)
        group by e.batch_id
        order by e.batch_id
    loop
        finished := finished || count_ends(of_batch.batch_id, of_batch.succeeded, of_batch.failed, of_batch.at);
    end loop;
    return array_remove(finished, null);
end
$$;

alter table audit add column batch_id uuid;
alter table audit add column webhook_id uuid;

create or replace function audit_record_is_valid(a audit) returns boolean language plpgsql immutable parallel safe as $$
declare
    violated text := 'a_deed_names_what_it_was_done_to';
    is_right boolean := false;
begin
    if a.action in ('submitted', 'cancelled', 'read_result', 'read_input', 'read_details', 'removed_content') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version, a.execution_id) = 0
            and pg_catalog.num_nonnulls(a.api_key_id, a.alias, a.test, a.replay_id, a.batch_id, a.webhook_id) = 0;
    elsif a.action in ('registered', 'revised', 'checked') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version) = 0
            and pg_catalog.num_nonnulls(
                a.execution_id, a.api_key_id, a.alias, a.test, a.replay_id, a.batch_id, a.webhook_id
            ) = 0;
    elsif a.action in ('archived', 'unarchived', 'set_retention', 'described', 'set_gate', 'removed_gate') then
        is_right := a.script_id is not null and pg_catalog.num_nonnulls(
            a.version, a.execution_id, a.api_key_id, a.alias, a.test, a.replay_id, a.batch_id, a.webhook_id
        ) = 0;
    elsif a.action in ('created_key', 'revoked_key') then
        is_right := a.api_key_id is not null and pg_catalog.num_nonnulls(
            a.script_id, a.version, a.execution_id, a.alias, a.test, a.replay_id, a.batch_id, a.webhook_id
        ) = 0;
    elsif a.action in ('promoted', 'force_promoted', 'rolled_back') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version, a.alias) = 0
            and pg_catalog.num_nonnulls(
                a.execution_id, a.api_key_id, a.test, a.replay_id, a.batch_id, a.webhook_id
            ) = 0;
    elsif a.action = 'removed_alias' then
        is_right := pg_catalog.num_nulls(a.script_id, a.alias) = 0
            and pg_catalog.num_nonnulls(
                a.version, a.execution_id, a.api_key_id, a.test, a.replay_id, a.batch_id, a.webhook_id
            ) = 0;
    elsif a.action in ('wrote_test', 'removed_test') then
        is_right := pg_catalog.num_nulls(a.script_id, a.test) = 0
            and pg_catalog.num_nonnulls(
                a.version, a.execution_id, a.api_key_id, a.alias, a.replay_id, a.batch_id, a.webhook_id
            ) = 0;
    elsif a.action in ('replayed', 'accepted_replay', 'read_differences') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version, a.replay_id) = 0
            and pg_catalog.num_nonnulls(a.execution_id, a.api_key_id, a.alias, a.test, a.batch_id, a.webhook_id) = 0;
    elsif a.action = 'previewed' then
        is_right := pg_catalog.num_nonnulls(
            a.execution_id, a.api_key_id, a.alias, a.test, a.replay_id, a.batch_id, a.webhook_id
        ) = 0;
    elsif a.action in ('submitted_batch', 'cancelled_batch', 'read_batch', 'removed_batch') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version, a.batch_id) = 0
            and pg_catalog.num_nonnulls(
                a.execution_id, a.api_key_id, a.alias, a.test, a.replay_id, a.webhook_id
            ) = 0;
    elsif a.action in (
        'created_webhook', 'changed_webhook', 'disabled_webhook', 'rotated_webhook', 'tested_webhook',
        'redelivered', 'removed_webhook'
    ) then
        is_right := a.webhook_id is not null and pg_catalog.num_nonnulls(
            a.script_id, a.version, a.execution_id, a.api_key_id, a.alias, a.test, a.replay_id, a.batch_id
        ) = 0;
    end if;
    if is_right and a.request_id is not null then
        violated := 'request_id_is_plain';
        is_right := pg_catalog.octet_length(a.request_id) <= 64 and a.request_id ~ '^[A-Za-z0-9._-]+$';
    end if;
    if is_right then
        return true;
    end if;
    raise check_violation using
        message = pg_catalog.format('new row for relation "audit" violates check constraint "%s"', violated),
        table = 'audit', constraint = violated;
end
$$;
