-- oldest code: 1
-- The audit trail has the id that the service itself gave a request beside the one that its caller may have chosen, and
-- records who read what quotes a dataset in an execution's record: logs, error texts and pointers. What was recorded before
-- has no such id. Code of levels 1 to 10 goes on recording without it, and fails when it is to show a `read_details` of the
-- audit trail: it can be asked for the trail again once it is replaced.

alter table audit add column server_request_id uuid;

-- The rows that are there passed a check that was stricter, so they are not looked at again.
alter table audit drop constraint a_deed_names_what_it_was_done_to;
alter table audit add constraint a_deed_names_what_it_was_done_to check (
    case
        when action in ('registered', 'revised') then
            num_nonnulls(script_id, version) = 2 and num_nonnulls(execution_id, api_key_id) = 0
        when action in ('archived', 'unarchived', 'set_retention') then
            script_id is not null and num_nonnulls(version, execution_id, api_key_id) = 0
        when action in ('submitted', 'cancelled', 'read_result', 'read_input', 'read_details', 'removed_content') then
            num_nonnulls(script_id, version, execution_id) = 3 and api_key_id is null
        when action in ('created_key', 'revoked_key') then
            api_key_id is not null and num_nonnulls(script_id, version, execution_id) = 0
        else false
    end
) not valid;
