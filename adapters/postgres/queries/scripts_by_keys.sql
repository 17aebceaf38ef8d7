-- Scripts by ids and by names, each once for its id and once for its name.
select
    s.id, s.name, s.description, s.created_at, s.archived_at, s.retain_content_days, s.retain_rows_days,
    s.retain_content_forever, s.retain_rows_forever,
    latest.number as latest_version, latest.engine,
    (select jsonb_object_agg(name, version) from script_aliases where script_id = s.id) as aliases
from (
    select * from scripts where id = any(%(ids)s::uuid[])
    union all
    select * from scripts where name = any(%(names)s::text[])
) s
cross join lateral (
    select number, engine from script_versions where script_id = s.id order by number desc limit 1
) latest
