with expired as materialized (
    select *
    from executions
    where state = 'running' and leased_until < now()
    order by id
    limit %(count)s
    for update skip locked
)
select
    e.*, f.*, clock_timestamp() as read_at
from expired e
join submission_facts f on f.of_script = e.script_id and f.of_version = e.version
