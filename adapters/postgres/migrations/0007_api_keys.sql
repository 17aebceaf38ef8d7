-- oldest code: 1
-- API keys, and idempotency keys that belong to one. Code of levels 1 to 6 knows no API keys: it stays open to all, so
-- stop it before the first key is to close the service.

create table api_keys (
    id uuid primary key,
    name text not null constraint key_name_is_short check (name ~ '^[^\u0001-\u001f\u007f-\u009f\u2028\u2029]{1,100}$'),
    sha256 bytea not null constraint one_key_a_token unique constraint token_hash_is_whole check (octet_length(sha256) = 32),
    scopes text[] not null constraint scopes_are_known_and_some check (
        scopes <@ array['scripts:write', 'executions:write', 'read', 'admin'] and cardinality(scopes) > 0
    ),
    created_at timestamptz not null,
    expires_at timestamptz constraint a_key_lasts_a_while check (expires_at > created_at),
    revoked_at timestamptz constraint a_key_is_revoked_after_it_is_made check (revoked_at >= created_at),
    last_used_at timestamptz constraint a_key_is_used_after_it_is_made check (last_used_at >= created_at)
);
create index api_keys_unrevoked on api_keys (id) where revoked_at is null;

-- An idempotency key that came with an API key is kept as `<id of that>\n<key>`. One text, and no column beside it, since
-- older code takes keys `on conflict (key)`, which needs this unique index. The rows that are there passed a stricter
-- check, so they are not looked at again.
alter table idempotency_keys drop constraint key_is_printable;
alter table idempotency_keys add constraint key_is_printable check (
    key ~ '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n)?[ -~]{1,255}$'
) not valid;
