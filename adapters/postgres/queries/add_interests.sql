insert into webhook_interests (event, script_id, webhook_id)
select e.event, s.script_id, %(id)s
from unnest(%(events)s::text[]) e (event)
cross join unnest(coalesce(%(scripts)b::uuid[], array['00000000-0000-0000-0000-000000000000'::uuid])) s (script_id)
