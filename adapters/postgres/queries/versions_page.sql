-- One version of a script, or a page of them without their sources, newest first.
select
    script_id, number, case when %(number)s::integer is not null then source end as source,
    octet_length(source) as size_bytes, sha256, engine, wall_limit_ms, memory_limit_bytes, result_limit_bytes, log_limit_bytes, created_at,
    warnings, limits
from script_versions
where
    script_id = %(script_id)s
    and (%(number)s::integer is null or number = %(number)s)
    and (%(before)s::integer is null or number < %(before)s)
order by number desc
limit %(limit)s
