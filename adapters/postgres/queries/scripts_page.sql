-- A page of scripts, newest first.
select
    s.id, s.name, s.description, s.created_at, s.archived_at, s.retain_content_days, s.retain_rows_days,
    (select max(v.number) from script_versions v where v.script_id = s.id) as latest_version
from scripts s
where %(before)s::uuid is null or s.id < %(before)s
order by s.id desc
limit %(limit)s
