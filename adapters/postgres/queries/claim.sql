-- The locking part gives each row's newest version and no row too many; what never changes is joined to it.
with waiting as materialized (
    select *
    from executions
    where state = 'pending'
    order by id
    limit %(count)s
    for update skip locked
)
select
    e.*, f.*, v.source, i.encoding as input_encoding, i.body as input_body, clock_timestamp() as read_at
from waiting e
join version_facts f on f.of_script = e.script_id and f.of_version = e.version
join script_versions v on v.script_id = e.script_id and v.number = e.version
join execution_inputs i on i.execution_id = e.id
order by e.id
