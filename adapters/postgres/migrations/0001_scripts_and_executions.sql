-- oldest code: 1
-- The record and the queue. Each CHECK says which columns a state has, as the domain's state classes do.

create table scripts (
    id uuid primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    description text not null,
    created_at timestamptz not null,
    archived_at timestamptz check (archived_at >= created_at)
);

create table script_versions (
    script_id uuid not null references scripts (id),
    number integer not null check (number >= 1),
    source bytea not null check (octet_length(source) > 0),
    sha256 bytea not null check (octet_length(sha256) = 32),
    wall_limit_ms integer not null check (wall_limit_ms > 0),
    memory_limit_bytes bigint not null check (memory_limit_bytes > 0),
    result_limit_bytes bigint not null check (result_limit_bytes > 0),
    log_limit_bytes bigint not null check (log_limit_bytes >= 0),
    created_at timestamptz not null,
    primary key (script_id, number)
);

-- What an execution's submission repeats of its script and version.
create view version_facts as
select
    v.script_id as of_script, v.number as of_version, s.name as script_name, v.sha256 as source_sha256,
    v.wall_limit_ms, v.memory_limit_bytes, v.result_limit_bytes, v.log_limit_bytes
from script_versions v
join scripts s on s.id = v.script_id;

create table executions (
    id uuid primary key,
    script_id uuid not null,
    version integer not null,
    state text not null,
    attempt smallint not null check (attempt >= 0),
    submitted_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    input_bytes bigint not null check (input_bytes > 0),
    input_sha256 bytea not null check (octet_length(input_sha256) = 32),
    claim_id uuid,
    worker text,
    leased_until timestamptz,
    output_bytes bigint check (output_bytes > 0),
    output_sha256 bytea check (octet_length(output_sha256) = 32),
    error_kind text,
    error_message text,
    error_line integer check (error_line > 0),
    error_column integer check (error_column > 0),
    error_stack text,
    engine text,
    wall_ms double precision check (wall_ms >= 0),
    cpu_ms double precision check (cpu_ms >= 0),
    peak_memory_bytes bigint check (peak_memory_bytes >= 0),

    foreign key (script_id, version) references script_versions (script_id, number),

    constraint times_are_in_order check (
        started_at >= submitted_at and finished_at >= coalesce(started_at, submitted_at)
    ),
    constraint state_is_known check (state in ('pending', 'running', 'succeeded', 'failed')),
    constraint pending_has_only_its_submission check (state <> 'pending' or (
        started_at is null and finished_at is null
    )),
    constraint running_is_started_and_not_finished check (state <> 'running' or (
        attempt >= 1 and started_at is not null and finished_at is null
    )),
    constraint only_running_is_held check (
        num_nonnulls(claim_id, worker, leased_until) = case state when 'running' then 3 else 0 end
    ),
    constraint finished_has_its_time check ((state in ('succeeded', 'failed')) = (finished_at is not null)),
    constraint only_succeeded_has_output check (
        num_nonnulls(output_bytes, output_sha256) = case state when 'succeeded' then 2 else 0 end
    ),
    constraint only_failed_has_error check (
        num_nonnulls(error_kind, error_message) = case state when 'failed' then 2 else 0 end
        and (state = 'failed' or num_nonnulls(error_line, error_column, error_stack) = 0)
    ),
    constraint error_kind_is_known check (error_kind in (
        'script_error', 'invalid_result', 'timeout', 'memory_limit', 'output_limit',
        'cancelled', 'worker_lost', 'sandbox_violation'
    )),
    constraint provenance_is_whole check (
        num_nonnulls(engine, wall_ms, cpu_ms, peak_memory_bytes) in (0, 4)
    ),
    constraint provenance_belongs_to_a_started_end check (
        engine is null or (finished_at is not null and started_at is not null)
    ),
    constraint succeeded_was_run check (state <> 'succeeded' or (attempt >= 1 and engine is not null))
);

-- Claim and finish write the state, which these predicates name, so they can never be HOT: few indexes, each needed.
-- The lease is in none of them, so that renewing it is HOT.
create index executions_pending on executions (id) where state = 'pending';
create index executions_running on executions (id) where state = 'running';
create index executions_by_version on executions (script_id, version, id);

alter table executions set (
    fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0
);

-- Bodies are compressed before they get here, so the database is told not to try again.
create table execution_inputs (
    execution_id uuid primary key references executions (id) on delete cascade,
    encoding text not null check (encoding in ('identity', 'zstd')),
    body bytea not null
);
alter table execution_inputs alter column body set storage external;

create table execution_results (
    execution_id uuid primary key references executions (id) on delete cascade,
    encoding text check (encoding in ('identity', 'zstd')),
    body bytea,
    logs bytea,
    logs_truncated boolean not null,
    check ((encoding is null) = (body is null))
);
alter table execution_results alter column body set storage external;

create table workers (
    name text primary key,
    last_seen timestamptz not null
);
