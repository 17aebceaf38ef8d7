-- oldest code: 1
-- The audit trail. Code of levels 1 to 7 writes nothing into it.
-- Numbers are given in the order of writing. Nothing refers to executions or scripts: a deed outlives what it was done to.

create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    action text not null,
    key_id uuid,
    request_id text constraint request_id_is_plain check (request_id ~ '^[A-Za-z0-9._-]{1,64}$'),
    script_id uuid,
    version integer,
    execution_id uuid,
    api_key_id uuid,
    constraint a_deed_names_what_it_was_done_to check (
        case
            when action in ('registered', 'revised') then
                num_nonnulls(script_id, version) = 2 and num_nonnulls(execution_id, api_key_id) = 0
            when action in ('archived', 'unarchived') then
                script_id is not null and num_nonnulls(version, execution_id, api_key_id) = 0
            when action in ('submitted', 'cancelled', 'read_result', 'read_input', 'removed_content') then
                num_nonnulls(script_id, version, execution_id) = 3 and api_key_id is null
            when action in ('created_key', 'revoked_key') then
                api_key_id is not null and num_nonnulls(script_id, version, execution_id) = 0
            else false
        end
    )
);
create index audit_of_keys on audit (key_id, id) where key_id is not null;
create index audit_of_scripts on audit (script_id, id) where script_id is not null;
create index audit_of_executions on audit (execution_id, id) where execution_id is not null;
-- Most deeds are submissions, which are found without an index of them.
create index audit_of_actions on audit (action, id) where action <> 'submitted';
create index audit_in_time on audit using brin (at);

create function audit_only_grows() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is only ever added to';
end
$$;
create trigger audit_only_grows before update or delete or truncate on audit
for each statement execute function audit_only_grows();
