-- Scripts by ids and by names.
select
    s.id, s.name, s.description, s.created_at, s.archived_at,
    (select max(v.number) from script_versions v where v.script_id = s.id) as latest_version
from scripts s
where s.id = any(%(ids)s::uuid[]) or s.name = any(%(names)s::text[])
