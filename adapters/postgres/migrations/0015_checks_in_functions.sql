-- oldest code: 1
-- The CHECK constraints of executions and of the audit trail as one function for each table: the same rules, which are
-- reported under the same names. PostgreSQL parses and prepares each CHECK expression of a table again for each statement
-- that writes it, a quarter of the cost of a small statement; a PL/pgSQL function is parsed once a session, and only what is
-- evaluated is prepared. Where a regular expression counted, as in `{1,255}`, the length is compared instead: counts are
-- expanded to as many states, for each row.
--
-- The functions call built-in functions by their schema and read nothing but the row, so they work under any search path,
-- such as that of a restore. The parameter is the whole row, which costs less than its thirty columns. A later migration
-- replaces a function with `create or replace`: a rule on a new column belongs among the first, before plain rows are
-- accepted. The rows that are there passed the same rules, so they are not looked at again.

create function execution_is_valid(e executions) returns boolean language plpgsql immutable parallel safe as $$
declare
    violated text;
begin
    -- The forms of values that few rows have, in any state.
    if pg_catalog.num_nonnulls(
        e.attribution, e.input_warnings, e.output_warnings, e.provenance, e.run_warnings, e.traceparent
    ) > 0 then
        violated := case
            when not pg_catalog.jsonb_typeof(e.attribution) = 'object' then 'attribution_is_an_object'
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
                e.error_kind, e.error_message, e.error_line, e.error_column, e.error_stack, e.error_sealed,
                e.error_position_is_exact, e.engine, e.wall_ms, e.cpu_ms, e.peak_memory_bytes, e.output_warnings,
                e.run_warnings, e.provenance, e.content_removed_at
            ) = 0 then
                return true;
            end if;
        elsif e.state = 'running' then
            if e.attempt >= 1 and e.started_at >= e.submitted_at
            and pg_catalog.num_nulls(e.claim_id, e.worker, e.leased_until) = 0 and pg_catalog.num_nonnulls(
                e.finished_at, e.output_bytes, e.output_sha256, e.error_kind, e.error_message, e.error_line,
                e.error_column, e.error_stack, e.error_sealed, e.error_position_is_exact, e.engine, e.wall_ms, e.cpu_ms,
                e.peak_memory_bytes, e.output_warnings, e.run_warnings, e.provenance, e.content_removed_at
            ) = 0 then
                return true;
            end if;
        elsif e.state = 'succeeded' then
            if e.attempt >= 1 and e.started_at >= e.submitted_at and e.finished_at >= e.started_at
            and e.output_bytes > 0 and pg_catalog.octet_length(e.output_sha256) = 32
            and e.engine is not null and e.wall_ms >= 0::double precision and e.cpu_ms >= 0::double precision
            and e.peak_memory_bytes >= 0 and pg_catalog.num_nonnulls(
                e.claim_id, e.worker, e.leased_until, e.error_kind, e.error_message, e.error_line, e.error_column,
                e.error_stack, e.error_sealed, e.error_position_is_exact, e.content_removed_at
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
            when not e.input_bytes > 0 then 'executions_input_bytes_check'
            when not pg_catalog.octet_length(e.input_sha256) = 32 then 'executions_input_sha256_check'
            when not e.output_bytes > 0 then 'executions_output_bytes_check'
            when not pg_catalog.octet_length(e.output_sha256) = 32 then 'executions_output_sha256_check'
            when not e.peak_memory_bytes >= 0 then 'executions_peak_memory_bytes_check'
            when not e.wall_ms >= 0::double precision then 'executions_wall_ms_check'
            when not ((e.state in ('succeeded', 'failed')) = (e.finished_at is not null)) then 'finished_has_its_time'
            when not (e.error_sealed is null or e.state = 'failed') then 'only_failed_has_a_sealed_error'
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

create function audit_record_is_valid(a audit) returns boolean language plpgsql immutable parallel safe as $$
declare
    violated text := 'a_deed_names_what_it_was_done_to';
    is_right boolean := false;
begin
    if a.action in ('submitted', 'cancelled', 'read_result', 'read_input', 'read_details', 'removed_content') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version, a.execution_id) = 0 and a.api_key_id is null;
    elsif a.action in ('registered', 'revised') then
        is_right := pg_catalog.num_nulls(a.script_id, a.version) = 0
            and pg_catalog.num_nonnulls(a.execution_id, a.api_key_id) = 0;
    elsif a.action in ('archived', 'unarchived', 'set_retention') then
        is_right := a.script_id is not null and pg_catalog.num_nonnulls(a.version, a.execution_id, a.api_key_id) = 0;
    elsif a.action in ('created_key', 'revoked_key') then
        is_right := a.api_key_id is not null and pg_catalog.num_nonnulls(a.script_id, a.version, a.execution_id) = 0;
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

-- 255 printable characters, behind an API key's id (36 characters and a line feed) if there is one.
create function idempotency_key_is_printable(key text) returns boolean language plpgsql immutable parallel safe as $$
begin
    if pg_catalog.strpos(key, E'\n') = 0 then
        return pg_catalog.octet_length(key) <= 255 and key ~ '^[ -~]+$';
    end if;
    return pg_catalog.octet_length(key) <= 292 and key like E'________-____-____-____-____________\n%'
        and key ~ '^[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+\n[ -~]+$';
end
$$;

-- The default, which a database may have changed: a statement's own role executes the constraints of the tables it writes.
grant execute on function execution_is_valid(executions), audit_record_is_valid(audit), idempotency_key_is_printable(text)
to public;

-- Catalogues only. The tables in the order in which a submission locks them, so that neither waits for the other.
alter table idempotency_keys
    drop constraint key_is_printable,
    add constraint key_is_printable check (idempotency_key_is_printable(key)) not valid;

alter table executions
    drop constraint a_stack_is_sealed_or_not,
    drop constraint attribution_is_an_object,
    drop constraint error_kind_is_known,
    drop constraint exactness_belongs_to_a_position,
    drop constraint executions_attempt_check,
    drop constraint executions_cpu_ms_check,
    drop constraint executions_error_column_check,
    drop constraint executions_error_line_check,
    drop constraint executions_input_bytes_check,
    drop constraint executions_input_sha256_check,
    drop constraint executions_output_bytes_check,
    drop constraint executions_output_sha256_check,
    drop constraint executions_peak_memory_bytes_check,
    drop constraint executions_wall_ms_check,
    drop constraint finished_has_its_time,
    drop constraint input_warnings_are_some,
    drop constraint only_failed_has_a_sealed_error,
    drop constraint only_failed_has_error,
    drop constraint only_running_is_held,
    drop constraint only_succeeded_has_output,
    drop constraint only_the_ended_lose_their_content,
    drop constraint output_warnings_are_some,
    drop constraint output_warnings_belong_to_a_run,
    drop constraint pending_has_only_its_submission,
    drop constraint provenance_belongs_to_a_run,
    drop constraint provenance_belongs_to_a_started_end,
    drop constraint provenance_is_an_object,
    drop constraint provenance_is_whole,
    drop constraint run_warnings_are_some,
    drop constraint run_warnings_belong_to_a_run,
    drop constraint running_is_started_and_not_finished,
    drop constraint state_is_known,
    drop constraint succeeded_was_run,
    drop constraint times_are_in_order,
    drop constraint traceparent_is_well_formed,
    add constraint execution_is_valid check (execution_is_valid(executions)) not valid;

alter table audit
    drop constraint a_deed_names_what_it_was_done_to,
    drop constraint request_id_is_plain,
    add constraint audit_record_is_valid check (audit_record_is_valid(audit)) not valid;
