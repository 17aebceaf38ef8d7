-- From one master key to the next over the index, so it costs as many descents as there are master keys.
with recursive used (id) as (
    (select master_key_id from execution_keys order by master_key_id limit 1)
    union all
    select n.master_key_id
    from used u
    cross join lateral (
        select master_key_id from execution_keys where master_key_id > u.id order by master_key_id limit 1
    ) n
)
select id from used
