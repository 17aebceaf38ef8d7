-- oldest code: 1
-- Digests of errors, which outlast the errors' texts; clock and seed of executions that name them; executions that repeat
-- another one; and the identity of this installation, by which receipts name it. Code of levels 1 to 15 reads and writes
-- none of them: null says that nothing was recorded, that the circumstances derive from the submission, and that an
-- execution repeats none. It runs an execution that has circumstances in others, and records none of its run.
--
-- `replay_of` is no reference: one would be checked for each submission and each deletion, and a replay is a record of its
-- own, which keeps the id of an original that was deleted.

alter table executions add column error_sha256 bytea;
alter table executions add column circumstances jsonb;
alter table executions add column replay_of uuid;

-- Replays wait behind all other executions, so each kind has its index of pending rows, and the one of both goes: two that
-- serve a claim would leave the choice to the planner, which takes a table of mostly replays for one of none. Code of
-- levels 3 to 15 finds the same rows without it, but by reading all executions of a script: replace workers first.
drop index executions_waiting;
create index executions_waiting on executions (script_id, id) where state = 'pending' and replay_of is null;
create index executions_replays_waiting on executions (script_id, id) where state = 'pending' and replay_of is not null;
create index executions_replays on executions (replay_of, id) where replay_of is not null;

create table installation (
    id uuid primary key default gen_random_uuid(),
    created_at timestamptz not null default now()
);
create unique index one_installation on installation ((true));
insert into installation default values;

create or replace function execution_is_valid(e executions) returns boolean language plpgsql immutable parallel safe as $$
declare
    violated text;
begin
    -- The forms of values that few rows have, in any state.
    if pg_catalog.num_nonnulls(
        e.attribution, e.circumstances, e.input_warnings, e.output_warnings, e.provenance, e.replay_of, e.run_warnings,
        e.traceparent
    ) > 0 then
        violated := case
            when not pg_catalog.jsonb_typeof(e.attribution) = 'object' then 'attribution_is_an_object'
            when not pg_catalog.jsonb_typeof(e.circumstances) = 'object' then 'circumstances_are_an_object'
            -- A claim reads them, so a malformed one would stop all claims.
            when not (
                e.circumstances is null or coalesce(
                    e.circumstances ->> 'seed' ~ '^[0-9a-f]{32}$' and e.circumstances ->> 'clock' ~ (
                        '^(19[7-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
                        'T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{3}000)?Z$'
                    ), false
                )
            ) then 'circumstances_are_well_formed'
            when e.replay_of = e.id then 'a_replay_is_of_another_execution'
            when not (pg_catalog.jsonb_typeof(e.input_warnings) = 'array' and e.input_warnings <> '[]')
                then 'input_warnings_are_some'
            when not (pg_catalog.jsonb_typeof(e.output_warnings) = 'array' and e.output_warnings <> '[]')
                then 'output_warnings_are_some'
            when not pg_catalog.jsonb_typeof(e.provenance) = 'object' then 'provenance_is_an_object'
            when not (pg_catalog.jsonb_typeof(e.run_warnings) = 'array' and e.run_warnings <> '[]')
                then 'run_warnings_are_some'
            when not (
                e.traceparent ~ '^00-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+$' and e.traceparent !~ '-0+-'
                and pg_catalog.octet_length(e.traceparent) = 55
                and pg_catalog.substr(e.traceparent, 36, 1) = '-' and pg_catalog.substr(e.traceparent, 53, 1) = '-'
            ) then 'traceparent_is_well_formed'
        end;
    end if;

    -- Plain rows of the common states, which violate none of the rules below. Nothing is decided here but speed: any other
    -- row, right or wrong, goes through the rules.
    if violated is null and e.input_bytes > 0 and pg_catalog.octet_length(e.input_sha256) = 32 then
        if e.state = 'pending' then
            if e.attempt >= 0 and pg_catalog.num_nonnulls(
                e.started_at, e.finished_at, e.claim_id, e.worker, e.leased_until, e.output_bytes, e.output_sha256,
                e.error_kind, e.error_message, e.error_line, e.error_column, e.error_stack, e.error_sealed, e.error_sha256,
                e.error_position_is_exact, e.engine, e.wall_ms, e.cpu_ms, e.peak_memory_bytes, e.output_warnings,
                e.run_warnings, e.provenance, e.content_removed_at
            ) = 0 then
                return true;
            end if;
        elsif e.state = 'running' then
            if e.attempt >= 1 and e.started_at >= e.submitted_at
            and pg_catalog.num_nulls(e.claim_id, e.worker, e.leased_until) = 0 and pg_catalog.num_nonnulls(
                e.finished_at, e.output_bytes, e.output_sha256, e.error_kind, e.error_message, e.error_line,
                e.error_column, e.error_stack, e.error_sealed, e.error_sha256, e.error_position_is_exact, e.engine, e.wall_ms,
                e.cpu_ms, e.peak_memory_bytes, e.output_warnings, e.run_warnings, e.provenance, e.content_removed_at
            ) = 0 then
                return true;
            end if;
        elsif e.state = 'succeeded' then
            if e.attempt >= 1 and e.started_at >= e.submitted_at and e.finished_at >= e.started_at
            and e.output_bytes > 0 and pg_catalog.octet_length(e.output_sha256) = 32
            and e.engine is not null and e.wall_ms >= 0::double precision and e.cpu_ms >= 0::double precision
            and e.peak_memory_bytes >= 0 and pg_catalog.num_nonnulls(
                e.claim_id, e.worker, e.leased_until, e.error_kind, e.error_message, e.error_line, e.error_column,
                e.error_stack, e.error_sealed, e.error_sha256, e.error_position_is_exact, e.content_removed_at
            ) = 0 then
                return true;
            end if;
        end if;
    end if;

    if violated is null then
        violated := case
            when not (e.error_sealed is null or e.error_stack is null) then 'a_stack_is_sealed_or_not'
            when not e.error_kind in (
                'script_error', 'invalid_result', 'timeout', 'memory_limit', 'output_limit',
                'cancelled', 'worker_lost', 'sandbox_violation', 'engine_unavailable'
            ) then 'error_kind_is_known'
            when not (e.error_position_is_exact is null or e.error_line is not null)
                then 'exactness_belongs_to_a_position'
            when not e.attempt >= 0 then 'executions_attempt_check'
            when not e.cpu_ms >= 0::double precision then 'executions_cpu_ms_check'
            when not e.error_column > 0 then 'executions_error_column_check'
            when not e.error_line > 0 then 'executions_error_line_check'
            when not pg_catalog.octet_length(e.error_sha256) = 32 then 'executions_error_sha256_check'
            when not e.input_bytes > 0 then 'executions_input_bytes_check'
            when not pg_catalog.octet_length(e.input_sha256) = 32 then 'executions_input_sha256_check'
            when not e.output_bytes > 0 then 'executions_output_bytes_check'
            when not pg_catalog.octet_length(e.output_sha256) = 32 then 'executions_output_sha256_check'
            when not e.peak_memory_bytes >= 0 then 'executions_peak_memory_bytes_check'
            when not e.wall_ms >= 0::double precision then 'executions_wall_ms_check'
            when not ((e.state in ('succeeded', 'failed')) = (e.finished_at is not null)) then 'finished_has_its_time'
            when not (e.error_sealed is null or e.state = 'failed') then 'only_failed_has_a_sealed_error'
            when not (e.error_sha256 is null or e.state = 'failed') then 'only_failed_has_an_error_digest'
            when not (
                pg_catalog.num_nonnulls(e.error_kind, e.error_message) = case e.state when 'failed' then 2 else 0 end
                and (e.state = 'failed' or pg_catalog.num_nonnulls(e.error_line, e.error_column, e.error_stack) = 0)
            ) then 'only_failed_has_error'
            when not (
                pg_catalog.num_nonnulls(e.claim_id, e.worker, e.leased_until)
                = case e.state when 'running' then 3 else 0 end
            ) then 'only_running_is_held'
            when not (
                pg_catalog.num_nonnulls(e.output_bytes, e.output_sha256)
                = case e.state when 'succeeded' then 2 else 0 end
            ) then 'only_succeeded_has_output'
            when not (
                e.content_removed_at is null
                or (e.finished_at is not null and e.content_removed_at >= e.finished_at)
            ) then 'only_the_ended_lose_their_content'
            when not (e.output_warnings is null or e.engine is not null) then 'output_warnings_belong_to_a_run'
            when not (e.state <> 'pending' or (e.started_at is null and e.finished_at is null))
                then 'pending_has_only_its_submission'
            when not (e.provenance is null or e.engine is not null) then 'provenance_belongs_to_a_run'
            when not (e.engine is null or (e.finished_at is not null and e.started_at is not null))
                then 'provenance_belongs_to_a_started_end'
            when not pg_catalog.num_nonnulls(e.engine, e.wall_ms, e.cpu_ms, e.peak_memory_bytes) in (0, 4)
                then 'provenance_is_whole'
            when not (e.run_warnings is null or e.engine is not null) then 'run_warnings_belong_to_a_run'
            when not (
                e.state <> 'running' or (e.attempt >= 1 and e.started_at is not null and e.finished_at is null)
            ) then 'running_is_started_and_not_finished'
            when not e.state in ('pending', 'running', 'succeeded', 'failed') then 'state_is_known'
            when not (e.state <> 'succeeded' or (e.attempt >= 1 and e.engine is not null)) then 'succeeded_was_run'
            when not (
                e.started_at >= e.submitted_at and e.finished_at >= coalesce(e.started_at, e.submitted_at)
            ) then 'times_are_in_order'
        end;
    end if;
    if violated is null then
        return true;
    end if;
    raise check_violation using
        message = pg_catalog.format('new row for relation "executions" violates check constraint "%s"', violated),
        table = 'executions', constraint = violated;
end
$$;
