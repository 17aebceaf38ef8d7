-- Partitions that are there already stay as they are.
with held as materialized (
    select id
    from jobs
    where id = %(job_id)s and held_by = %(holder)s and leased_until > clock_timestamp() and finished_at is null
    for no key update
), added as (
    insert into job_partitions (job_id, number, object_number, unit, range_start, range_end)
    select h.id, p.*
    from held h
    cross join unnest(
        %(numbers)b::integer[], %(object_numbers)b::integer[], %(units)s::text[], %(starts)b::bigint[], %(ends)b::bigint[]
    ) as p
    on conflict (job_id, number) do nothing
    returning 1
)
update jobs j
set partitions = j.partitions + (select count(*) from added)
from held h
where j.id = h.id
returning j.id
