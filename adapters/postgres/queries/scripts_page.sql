-- One script by its id or name, or a page of them, newest first.
select
    s.id, s.name, s.description, s.created_at, s.archived_at,
    (select max(v.number) from script_versions v where v.script_id = s.id) as latest_version
from scripts s
where
    (%(id)s::uuid is null or s.id = %(id)s)
    and (%(name)s::text is null or s.name = %(name)s)
    and (%(before)s::uuid is null or s.id < %(before)s)
order by s.id desc
limit %(limit)s
