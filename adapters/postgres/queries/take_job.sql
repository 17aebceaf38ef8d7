with free as materialized (
    select id
    from jobs
    where finished_at is null and (held_by is null or leased_until < now())
    order by id
    limit 1
    for no key update skip locked
), taken as (
    update jobs j
    set
        held_by = %(holder)s, leased_until = clock_timestamp() + %(lease)s::interval, status = 'running',
        started_at = coalesce(j.started_at, greatest(clock_timestamp(), j.submitted_at))
    from free
    where j.id = free.id
    returning j.*
)
select
    t.*, f.script_name, f.source_sha256, f.version_engine, v.number, v.source, v.sha256, v.engine, v.wall_limit_ms,
    v.memory_limit_bytes, v.result_limit_bytes, v.log_limit_bytes, v.limits, v.created_at, v.warnings, v.note,
    (select name from api_keys where id = v.created_by) as created_by
from taken t
join submission_facts f on f.of_script = t.script_id and f.of_version = t.version
join script_versions v on v.script_id = t.script_id and v.number = t.version
