-- oldest code: 1
-- How long a script's executions are kept, where that is not the service's own retention, and the way to those whose time
-- is over: script by script. Code of levels 1 to 9 goes on removing by the service's retention alone, and fails when it is
-- to show such a deed of the audit trail: a script's retention may be set only once no such code runs.

alter table scripts add column retain_content_days integer;
alter table scripts add column retain_rows_days integer;
alter table scripts add constraint content_is_retained_for_days check (retain_content_days between 1 and 36500);
alter table scripts add constraint rows_are_retained_for_days check (retain_rows_days between 1 and 36500);

-- An execution enters this index when it ends, and leaves it when its content is removed. Records whose time is over are
-- found by `executions_by_version`.
create index executions_with_content on executions (script_id, id)
where finished_at is not null and content_removed_at is null;

-- The rows that are there passed a check that was stricter, so they are not looked at again.
alter table audit drop constraint a_deed_names_what_it_was_done_to;
alter table audit add constraint a_deed_names_what_it_was_done_to check (
    case
        when action in ('registered', 'revised') then
            num_nonnulls(script_id, version) = 2 and num_nonnulls(execution_id, api_key_id) = 0
        when action in ('archived', 'unarchived', 'set_retention') then
            script_id is not null and num_nonnulls(version, execution_id, api_key_id) = 0
        when action in ('submitted', 'cancelled', 'read_result', 'read_input', 'removed_content') then
            num_nonnulls(script_id, version, execution_id) = 3 and api_key_id is null
        when action in ('created_key', 'revoked_key') then
            api_key_id is not null and num_nonnulls(script_id, version, execution_id) = 0
        else false
    end
) not valid;
