-- oldest code: 1
-- Jobs over data in stores, and their partitions. Code of levels 1 to 18 knows neither, and runs beside this level: it carries
-- no job on.

-- Jobs. A job gets a data key of its own when the first text is encrypted: `wrapped` is null before that. `request`, `plan`
-- and `outcome` quote no data; `error` (a message) and `differences` (cells) may, and are removed with the content. `plan` has
-- the columns and the first objects, `more_objects` the others, so that lists need not read them; these and `request` are JSON
-- as text, since names may have any character, and rows with `json` have no checksum. `planned` is the number of partitions,
-- null as long as a stream is read. `idempotency_key` is written as in `idempotency_keys`. `held_by` and `leased_until` are the
-- hold of the process that carries the job on; a client's cancellation ends it.
create table jobs (
    id uuid primary key,
    script_id uuid not null,
    version integer not null,
    run_limits jsonb not null,
    clock timestamptz not null,
    seed text not null,
    request text not null check (json_typeof(request::json) = 'object'),
    submitted_at timestamptz not null,
    submitted_by uuid,
    alias text,
    idempotency_key text,
    request_sha256 bytea check (octet_length(request_sha256) = 32),
    key_expires_at timestamptz,
    attempt smallint not null default 1 check (attempt >= 1),
    phase text not null default 'planning',
    is_verified boolean not null default false,
    plan text,
    more_objects text,
    objects integer not null default 0,
    planned integer check (planned >= 0),
    status text not null default 'pending',
    started_at timestamptz,
    finished_at timestamptz,
    outcome jsonb,
    error_kind text,
    error_partition integer,
    error bytea,
    error_is_encrypted boolean not null default false,
    differences bytea,
    differences_are_encrypted boolean not null default false,
    content_removed_at timestamptz,
    master_key_id text,
    wrapped bytea,
    partitions integer not null default 0,
    done integer not null default 0 check (done >= 0),
    failed integer not null default 0 check (failed >= 0),
    bytes_total bigint not null default 0 check (bytes_total >= 0),
    bytes_done bigint not null default 0 check (bytes_done >= 0),
    rows_done bigint not null default 0 check (rows_done >= 0),
    result_bytes bigint not null default 0 check (result_bytes >= 0),
    held_by uuid,
    leased_until timestamptz,
    foreign key (script_id, version) references script_versions (script_id, number),
    constraint a_partition_is_counted_once check (done + failed <= partitions),
    constraint a_plan_has_its_objects check (plan is not null or (more_objects is null and objects = 0 and planned is null)),
    constraint a_job_s_status_follows_from_its_facts check (
        status = case
            when finished_at is null and started_at is null then 'pending'
            when finished_at is null then 'running'
            when outcome is not null then 'succeeded'
            else 'failed'
        end
    ),
    constraint a_job_ends_in_one_way check (
        num_nonnulls(outcome, error_kind) = case when finished_at is null then 0 else 1 end
    ),
    constraint only_a_failed_job_has_texts check (error_kind is not null or num_nonnulls(error, error_partition, differences) = 0),
    constraint a_job_s_times_are_in_order check (
        started_at >= submitted_at and finished_at >= submitted_at and finished_at >= started_at
        and content_removed_at >= finished_at
    ),
    constraint only_a_finished_job_loses_its_content check (content_removed_at is null or finished_at is not null),
    constraint a_job_is_encrypted_or_not check ((master_key_id is null) = (wrapped is null)),
    constraint a_job_s_key_has_its_request check (
        num_nonnulls(idempotency_key, request_sha256, key_expires_at) in (0, 3)
    ),
    constraint a_hold_has_its_end check (held_by is null or leased_until is not null),
    constraint a_finished_job_is_free check (finished_at is null or held_by is null),
    constraint removed_content_is_gone check (content_removed_at is null or num_nonnulls(error, differences, wrapped) = 0)
);
create unique index jobs_by_key on jobs (idempotency_key) where idempotency_key is not null;
create index jobs_by_expiry_of_keys on jobs (key_expires_at) where key_expires_at is not null;
create index jobs_of_a_script on jobs (script_id, id);
create index jobs_by_status on jobs (status, id);
create index jobs_unfinished on jobs (id) where finished_at is null;
create index jobs_finished on jobs (script_id, finished_at) where finished_at is not null;
create index jobs_with_content on jobs (script_id, finished_at) where finished_at is not null and content_removed_at is null;
create index jobs_by_master_key on jobs (master_key_id, id) where master_key_id is not null;
alter table jobs set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

-- Partitions of a job, with their planned ranges. `result` has the facts of one that is done, but its warnings; `error` is the
-- JSON of a failed one's message and place, encrypted or not.
create table job_partitions (
    job_id uuid not null references jobs (id) on delete cascade,
    number integer not null check (number >= 0),
    object_number integer not null check (object_number >= 0),
    unit text not null check (unit in ('bytes', 'rows', 'text')),
    range_start bigint not null check (range_start >= 0),
    range_end bigint not null,
    state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
    attempts smallint not null default 0 check (attempts >= 0),
    result jsonb,
    warnings jsonb,
    error_kind text,
    error bytea,
    error_is_encrypted boolean not null default false,
    primary key (job_id, number),
    constraint a_range_is_no_less_than_empty check (range_end >= range_start),
    constraint a_done_partition_has_its_result check ((state = 'done') = (result is not null)),
    constraint only_a_result_has_warnings check (warnings is null or result is not null),
    constraint a_failed_partition_has_its_reason check ((state = 'failed') = (error_kind is not null)),
    constraint only_a_failed_partition_has_a_message check (error is null or error_kind is not null)
);
create index job_partitions_by_state on job_partitions (job_id, state, number) where state <> 'done';
alter table job_partitions set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

alter table audit add column job_id uuid;
alter table audit add column object_url text;

-- The objects of a record, as a number: each has a bit.
create or replace function audit_record_is_valid(a audit) returns boolean language plpgsql immutable parallel safe as $$
declare
    violated text := 'a_deed_names_what_it_was_done_to';
    script constant integer := 1;
    version constant integer := 2;
    execution constant integer := 4;
    api_key constant integer := 8;
    alias constant integer := 16;
    test constant integer := 32;
    replay constant integer := 64;
    batch constant integer := 128;
    webhook constant integer := 256;
    job constant integer := 512;
    object constant integer := 1024;
    named integer :=
        (a.script_id is not null)::integer + (a.version is not null)::integer * 2
        + (a.execution_id is not null)::integer * 4 + (a.api_key_id is not null)::integer * 8
        + (a.alias is not null)::integer * 16 + (a.test is not null)::integer * 32
        + (a.replay_id is not null)::integer * 64 + (a.batch_id is not null)::integer * 128
        + (a.webhook_id is not null)::integer * 256 + (a.job_id is not null)::integer * 512
        + (a.object_url is not null)::integer * 1024;
    is_right boolean := false;
begin
    if a.action in ('submitted', 'cancelled', 'read_result', 'read_input', 'read_details', 'removed_content') then
        is_right := named = script + version + execution;
    elsif a.action in ('registered', 'revised', 'checked') then
        is_right := named = script + version;
    elsif a.action in ('archived', 'unarchived', 'set_retention', 'described', 'set_gate', 'removed_gate') then
        is_right := named = script;
    elsif a.action in ('created_key', 'revoked_key') then
        is_right := named = api_key;
    elsif a.action in ('promoted', 'force_promoted', 'rolled_back') then
        is_right := named = script + version + alias;
    elsif a.action = 'removed_alias' then
        is_right := named = script + alias;
    elsif a.action in ('wrote_test', 'removed_test') then
        is_right := named = script + test;
    elsif a.action in ('replayed', 'accepted_replay', 'read_differences') then
        is_right := named = script + version + replay;
    elsif a.action = 'previewed' then
        is_right := named & ~(script + version) = 0;
    elsif a.action in ('submitted_batch', 'cancelled_batch', 'read_batch', 'removed_batch') then
        is_right := named = script + version + batch;
    elsif a.action in ('submitted_job', 'cancelled_job', 'retried_job', 'removed_job') then
        is_right := named = script + version + job;
    elsif a.action in ('wrote_object', 'read_object', 'deleted_object') then
        is_right := named = object;
    elsif a.action in (
        'created_webhook', 'changed_webhook', 'disabled_webhook', 'rotated_webhook', 'tested_webhook',
        'redelivered', 'removed_webhook'
    ) then
        is_right := named = webhook;
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
