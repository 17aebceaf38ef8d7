-- One version of a script, or a page of them without their sources, newest first, with the names of their authors' keys.
select
    script_id, number, case when %(number)s::integer is not null then source end as source,
    octet_length(source) as size_bytes, sha256, engine, wall_limit_ms, memory_limit_bytes, result_limit_bytes, log_limit_bytes, created_at,
    warnings, limits, note, (select name from api_keys where id = script_versions.created_by) as created_by
from script_versions
where
    script_id = %(script_id)s
    and (%(number)s::integer is null or number = %(number)s)
    and (%(before)s::integer is null or number < %(before)s)
order by number desc
limit %(limit)s
