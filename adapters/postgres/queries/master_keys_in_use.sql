-- From one master key to the next over the index, so it costs as many descents as there are master keys.
with recursive of_executions (id) as (
    (select master_key_id from execution_keys order by master_key_id limit 1)
    union all
    select n.master_key_id
    from of_executions u
    cross join lateral (
        select master_key_id from execution_keys where master_key_id > u.id order by master_key_id limit 1
    ) n
), of_tests (id) as (
    (select master_key_id from script_tests where master_key_id is not null order by master_key_id limit 1)
    union all
    select n.master_key_id
    from of_tests u
    cross join lateral (
        select master_key_id from script_tests where master_key_id > u.id order by master_key_id limit 1
    ) n
), of_webhooks (id) as (
    (select master_key_id from webhooks where master_key_id is not null order by master_key_id limit 1)
    union all
    select n.master_key_id
    from of_webhooks u
    cross join lateral (
        select master_key_id from webhooks where master_key_id > u.id order by master_key_id limit 1
    ) n
), of_jobs (id) as (
    (select master_key_id from jobs where master_key_id is not null order by master_key_id limit 1)
    union all
    select n.master_key_id
    from of_jobs u
    cross join lateral (
        select master_key_id from jobs where master_key_id > u.id order by master_key_id limit 1
    ) n
)
select id from of_executions
union
select id from of_tests
union
select id from of_webhooks
union
select id from of_jobs
