-- Scripts by ids and by names, each once for its id and once for its name.
select
    s.id, s.name, s.description, s.created_at, s.archived_at, s.retain_content_days, s.retain_rows_days,
    (select max(v.number) from script_versions v where v.script_id = s.id) as latest_version
from (
    select * from scripts where id = any(%(ids)s::uuid[])
    union all
    select * from scripts where name = any(%(names)s::text[])
) s
