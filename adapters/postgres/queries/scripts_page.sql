-- A page of scripts, newest first.
select
    s.id, s.name, s.description, s.created_at, s.archived_at, s.retain_content_days, s.retain_rows_days,
    s.retain_content_forever, s.retain_rows_forever,
    latest.number as latest_version, latest.engine,
    (select jsonb_object_agg(name, version) from script_aliases where script_id = s.id) as aliases
from scripts s
cross join lateral (
    select number, engine from script_versions where script_id = s.id order by number desc limit 1
) latest
where %(before)s::uuid is null or s.id < %(before)s
order by s.id desc
limit %(limit)s
