with open_script as (
    select id from scripts where id = %(script_id)s and archived_at is null for share
)
insert into script_versions (
    script_id, number, source, sha256, wall_limit_ms, memory_limit_bytes, result_limit_bytes, log_limit_bytes, created_at,
    warnings
)
select
    id, %(number)s, %(source)b, %(sha256)b, %(wall_ms)s, %(memory_bytes)s, %(result_bytes)s, %(log_bytes)s, %(created_at)s,
    %(warnings)s::jsonb
from open_script
on conflict (script_id, number) do nothing
returning number
