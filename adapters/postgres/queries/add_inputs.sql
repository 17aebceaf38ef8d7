-- Datasets of executions that were added before, in the same transaction, and their data keys.
with kept as (
    insert into execution_inputs (execution_id, encoding, body, sealed)
    select * from unnest(%(ids)b::uuid[], %(encodings)s::text[], %(bodies)b::bytea[], %(sealed)b::boolean[])
)
insert into execution_keys (execution_id, master_key_id, wrapped)
select *
from unnest(%(ids)b::uuid[], %(master_key_ids)s::text[], %(wrapped_keys)b::bytea[]) as k (id, master_key_id, wrapped)
where wrapped is not null
