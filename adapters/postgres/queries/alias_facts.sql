-- The facts on which a move of an alias is decided, once the script is locked.
select
    a.version, a.move, a.moved_at,
    (select count(*) from script_aliases where script_id = %(script_id)s) as aliases,
    exists (select from script_versions where script_id = %(script_id)s and number = %(version)s::integer) as has_version,
    (select gate from script_gates where script_id = %(script_id)s) as gate
from (select) as one
left join script_aliases a on a.script_id = %(script_id)s and a.name = %(alias)s
