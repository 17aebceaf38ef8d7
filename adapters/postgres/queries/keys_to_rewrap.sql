-- The next data keys of a master key by the ids of their owners, executions, tests, webhooks and jobs, of which each has one.
with of_executions as materialized (
    select execution_id as owner_id, master_key_id, wrapped
    from execution_keys
    where master_key_id = %(master_key_id)s and execution_id > %(after)s
    order by master_key_id, execution_id
    limit %(count)s
    for update skip locked
), of_tests as materialized (
    select id as owner_id, master_key_id, wrapped
    from script_tests
    where master_key_id = %(master_key_id)s and id > %(after)s
    order by master_key_id, id
    limit %(count)s
    for no key update skip locked
), of_webhooks as materialized (
    select id as owner_id, master_key_id, wrapped
    from webhooks
    where master_key_id = %(master_key_id)s and id > %(after)s
    order by master_key_id, id
    limit %(count)s
    for no key update skip locked
), of_jobs as materialized (
    select id as owner_id, master_key_id, wrapped
    from jobs
    where master_key_id = %(master_key_id)s and id > %(after)s
    order by master_key_id, id
    limit %(count)s
    for no key update skip locked
)
select * from of_executions
union all
select * from of_tests
union all
select * from of_webhooks
union all
select * from of_jobs
order by owner_id
limit %(count)s
