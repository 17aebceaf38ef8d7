-- A page of an alias's moves, newest first. The names of keys are looked up for what is shown.
with page as materialized (
    select number, alias, from_version, to_version, reason, note, at, key_id
    from alias_moves
    where
        script_id = %(script_id)s
        and alias = %(alias)s
        and (%(before)s::bigint is null or number < %(before)s)
    order by number desc
    limit %(limit)s
)
select p.*, k.name as key_name
from page p
left join lateral (select name from api_keys where id = p.key_id limit 1) k on true
order by p.number desc
