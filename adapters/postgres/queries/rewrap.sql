with rewrapped as materialized (
    select * from unnest(%(ids)b::uuid[], %(master_key_ids)s::text[], %(wrapped_keys)b::bytea[]) as r (owner_id, master_key_id, wrapped)
), of_tests as (
    update script_tests t
    set master_key_id = r.master_key_id, wrapped = r.wrapped
    from rewrapped r
    where t.id = r.owner_id
), of_webhooks as (
    update webhooks w
    set master_key_id = r.master_key_id, wrapped = r.wrapped
    from rewrapped r
    where w.id = r.owner_id
), of_jobs as (
    update jobs j
    set master_key_id = r.master_key_id, wrapped = r.wrapped
    from rewrapped r
    where j.id = r.owner_id
)
update execution_keys k
set master_key_id = r.master_key_id, wrapped = r.wrapped
from rewrapped r
where k.execution_id = r.owner_id
