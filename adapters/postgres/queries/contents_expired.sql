-- An execution has a dataset until its content is removed, so the datasets' primary key lists those that are looked for,
-- and ids are in the order of time: what has ended before some time was submitted before it too.
with expired as materialized (
    select e.*
    from execution_inputs i
    join executions e on e.id = i.execution_id
    where
        i.execution_id < (
            lpad(to_hex((1000 * extract(epoch from now() - %(older_than)s::interval))::bigint), 12, '0') || repeat('0', 20)
        )::uuid
        and e.finished_at < now() - %(older_than)s::interval and e.content_removed_at is null
    order by i.execution_id
    limit %(count)s
    for update of e skip locked
)
select e.*, f.*, clock_timestamp() as read_at
from expired e
join version_facts f on f.of_script = e.script_id and f.of_version = e.version
