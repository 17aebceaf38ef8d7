-- The row's lock keeps a removal of its content waiting, which then deletes what is added here, with the dataset.
with kept as materialized (
    select id from executions where id = %(execution_id)s and content_removed_at is null for share
), keyed as (
    insert into execution_keys (execution_id, master_key_id, wrapped)
    select id, %(master_key_id)s::text, %(wrapped_key)b::bytea from kept where %(wrapped_key)b::bytea is not null
)
insert into execution_differences (execution_id, size_bytes, sha256, encoding, body, columns, sealed)
select id, %(size_bytes)s, %(sha256)b::bytea, %(encoding)s, %(body)b::bytea, %(columns)b::bytea, %(sealed)s from kept
