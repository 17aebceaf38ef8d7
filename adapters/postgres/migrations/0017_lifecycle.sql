-- oldest code: 1
-- The life of a script: notes and authors of versions, aliases and their moves, gates, tests and their results, replays of
-- past executions on a version, and the differences that they show. Code of levels 1 to 16 reads and writes none of it, and
-- runs the latest version where an alias `live` says otherwise: replace it before the first alias is made.

-- Executions over the stored dataset of another one, which `attribution` names.
create index executions_of_an_input on executions ((attribution ->> 'input_of'), id)
where attribution ->> 'input_of' is not null;

alter table script_versions add column note text not null default '';
alter table script_versions add column created_by uuid;

-- `move` is the number of the alias's latest move. It is the alias's revision, which a client sends back in `If-Match`.
create table script_aliases (
    script_id uuid not null references scripts (id),
    name text not null check (name ~ '^[a-z][a-z0-9-]{0,62}$' and name <> 'latest'),
    version integer not null,
    move bigint not null,
    moved_at timestamptz not null,
    primary key (script_id, name),
    foreign key (script_id, version) references script_versions (script_id, number)
);

create table alias_moves (
    number bigint generated always as identity primary key,
    script_id uuid not null references scripts (id),
    alias text not null,
    from_version integer,
    to_version integer,
    reason text not null check (reason in ('promotion', 'forced', 'rollback', 'removal')),
    note text not null default '',
    at timestamptz not null default clock_timestamp(),
    key_id uuid,
    constraint a_move_leads_somewhere check (from_version is distinct from to_version),
    constraint only_a_removal_has_no_target check ((to_version is null) = (reason = 'removal'))
);
create index alias_moves_of_an_alias on alias_moves (script_id, alias, number);

-- A gate's revision is new each time that it is set, so that no gate set again has that of one removed before.
create table script_gates (
    script_id uuid primary key references scripts (id),
    revision bigint generated always as identity,
    gate jsonb not null check (jsonb_typeof(gate) = 'object'),
    set_at timestamptz not null default clock_timestamp(),
    set_by uuid
);

-- A test has a data key of its own, as an execution has: `wrapped` is null where its content is not encrypted. Each time
-- the test is written it gets a new id, so that no result of the former one counts for it. `expected` is the text of the
-- result, or the message of the failure; null where any message will do.
create table script_tests (
    id uuid primary key,
    script_id uuid not null references scripts (id),
    name text not null,
    created_at timestamptz not null,
    created_by uuid,
    from_execution uuid,
    circumstances jsonb not null check (jsonb_typeof(circumstances) = 'object'),
    input_bytes bigint not null check (input_bytes > 0),
    input_sha256 bytea not null check (octet_length(input_sha256) = 32),
    encoding text not null check (encoding in ('identity', 'zstd')),
    body bytea not null,
    expected bytea,
    master_key_id text,
    wrapped bytea,
    constraint a_test_is_encrypted_or_not check ((master_key_id is null) = (wrapped is null)),
    constraint one_test_of_a_name unique (script_id, name)
);
alter table script_tests alter column body set storage external;
create index script_tests_by_master_key on script_tests (master_key_id, id) where master_key_id is not null;

create table test_results (
    test_id uuid not null references script_tests (id) on delete cascade,
    version integer not null,
    passed boolean not null,
    checked_at timestamptz not null,
    primary key (test_id, version)
);

-- Replays of past executions on a version. `held_by` and `leased_until` are the hold of the process that carries it on;
-- `report` is the sum of its outcomes, from its end on.
create table version_replays (
    id uuid primary key,
    script_id uuid not null,
    version integer not null,
    created_at timestamptz not null,
    created_by uuid,
    wanted jsonb not null check (jsonb_typeof(wanted) = 'object'),
    held_by uuid,
    leased_until timestamptz,
    finished_at timestamptz,
    report jsonb check (jsonb_typeof(report) = 'object'),
    accepted_at timestamptz,
    accepted_by uuid,
    acceptance_note text,
    foreign key (script_id, version) references script_versions (script_id, number),
    constraint only_finished_replays_are_accepted check (accepted_at is null or finished_at is not null),
    constraint an_acceptance_has_its_note check ((accepted_at is null) = (acceptance_note is null))
);
create index version_replays_unfinished on version_replays (id) where finished_at is null;
create index version_replays_of_a_version on version_replays (script_id, version, id);

-- Original and replay of one execution, neither of them a reference: either may be deleted before. The replay's id is
-- chosen with the row, so that it is stored once, whatever stops in between. `outcome` is null until they are compared.
create table version_replay_executions (
    replay_id uuid not null references version_replays (id) on delete cascade,
    number integer not null check (number >= 0),
    original_id uuid not null,
    execution_id uuid not null unique,
    outcome text check (
        outcome in ('equal', 'changed', 'now-failing', 'now-succeeding', 'skipped', 'incomplete')
    ),
    reason text,
    detail text,
    counts jsonb check (jsonb_typeof(counts) = 'object'),
    primary key (replay_id, number),
    constraint only_an_outcome_has_counts check (counts is null or outcome is not null)
);
create index version_replay_executions_open on version_replay_executions (replay_id, number) where outcome is null;

-- The differences that a replay shows quote both results, and so do the names and figures of columns (null unless the
-- results are tables): they are content of the replay's execution, encrypted with its
-- key. They refer to its dataset, and so are removed with it, whichever statement or release of the code removes that.
create table execution_differences (
    execution_id uuid primary key references execution_inputs (execution_id) on delete cascade,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 bytea not null check (octet_length(sha256) = 32),
    encoding text not null check (encoding in ('identity', 'zstd')),
    body bytea not null,
    columns bytea,
    sealed boolean not null default false
);
alter table execution_differences alter column body set storage external;

alter table audit add column alias text;
alter table audit add column test text;
alter table audit add column replay_id uuid;

create or replace function audit_record_is_valid(a audit) returns boolean language plpgsql immutable parallel safe as $$
declare
    violated text := 'a_deed_names_what_it_was_done_to';
    is_right boolean := false;
begin
    if a.action in ('submitted', 'cancelled', 'read_result', 'read_input', 'read_details', 'removed_content') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version, a.execution_id) = 0
            and pg_catalog.num_nonnulls(a.api_key_id, a.alias, a.test, a.replay_id) = 0;
    elsif a.action in ('registered', 'revised', 'checked') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version) = 0
            and pg_catalog.num_nonnulls(a.execution_id, a.api_key_id, a.alias, a.test, a.replay_id) = 0;
    elsif a.action in ('archived', 'unarchived', 'set_retention', 'described', 'set_gate', 'removed_gate') then
        is_right := a.script_id is not null and pg_catalog.num_nonnulls(
            a.version, a.execution_id, a.api_key_id, a.alias, a.test, a.replay_id
        ) = 0;
    elsif a.action in ('created_key', 'revoked_key') then
        is_right := a.api_key_id is not null and pg_catalog.num_nonnulls(
            a.script_id, a.version, a.execution_id, a.alias, a.test, a.replay_id
        ) = 0;
    elsif a.action in ('promoted', 'force_promoted', 'rolled_back') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version, a.alias) = 0
            and pg_catalog.num_nonnulls(a.execution_id, a.api_key_id, a.test, a.replay_id) = 0;
    elsif a.action = 'removed_alias' then
        is_right := pg_catalog.num_nulls(a.script_id, a.alias) = 0
            and pg_catalog.num_nonnulls(a.version, a.execution_id, a.api_key_id, a.test, a.replay_id) = 0;
    elsif a.action in ('wrote_test', 'removed_test') then
        is_right := pg_catalog.num_nulls(a.script_id, a.test) = 0
            and pg_catalog.num_nonnulls(a.version, a.execution_id, a.api_key_id, a.alias, a.replay_id) = 0;
    elsif a.action in ('replayed', 'accepted_replay', 'read_differences') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version, a.replay_id) = 0
            and pg_catalog.num_nonnulls(a.execution_id, a.api_key_id, a.alias, a.test) = 0;
    elsif a.action = 'previewed' then
        is_right := pg_catalog.num_nonnulls(a.execution_id, a.api_key_id, a.alias, a.test, a.replay_id) = 0;
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
