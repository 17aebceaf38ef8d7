-- oldest code: 1
-- Idempotency keys, and the trace that an execution belongs to. Code of levels 1 to 5 knows neither: it takes a
-- submission with a key as one without, and leaves the trace null.

alter table executions add column traceparent text;
alter table executions add constraint traceparent_is_well_formed check (
    traceparent ~ '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$'
);

create table idempotency_keys (
    key text collate "C" primary key constraint key_is_printable check (key ~ '^[ -~]{1,255}$'),
    request_sha256 bytea not null constraint request_hash_is_whole check (octet_length(request_sha256) = 32),
    execution_id uuid not null constraint one_key_an_execution unique references executions (id) on delete cascade,
    expires_at timestamptz not null
);
create index idempotency_keys_expiring on idempotency_keys (expires_at);

alter table idempotency_keys set (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0
);
