update execution_keys k
set master_key_id = r.master_key_id, wrapped = r.wrapped
from unnest(%(ids)b::uuid[], %(master_key_ids)s::text[], %(wrapped_keys)b::bytea[]) as r (execution_id, master_key_id, wrapped)
where k.execution_id = r.execution_id
