-- oldest code: 1
-- Data keys, each wrapped by a master key that the database never sees, and which rows are sealed with them.
-- Code of levels 1 to 8 goes on writing rows that are not sealed, but takes sealed ones for the content itself: master
-- keys may be given only once no such code runs.

create table execution_keys (
    execution_id uuid primary key references executions (id) on delete cascade,
    master_key_id text collate "C" not null constraint master_key_is_named check (master_key_id <> ''),
    wrapped bytea not null constraint wrapped_key_is_whole check (octet_length(wrapped) = 60)
);
-- Those that a rotation has yet to rewrap, and the master keys that are in use.
create index execution_keys_by_master on execution_keys (master_key_id, execution_id);

alter table execution_inputs add column sealed boolean not null default false;
alter table execution_results add column sealed boolean not null default false;

-- Where a script wrote the message or left a stack: both, sealed. The columns that showed them are empty of them then.
alter table executions add column error_sealed bytea;
alter table executions add constraint only_failed_has_a_sealed_error check (error_sealed is null or state = 'failed');
alter table executions add constraint a_stack_is_sealed_or_not check (error_sealed is null or error_stack is null);

alter table execution_keys set (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0
);
