-- An estimate: `percent` of the pages of executions are read, the same ones each time, and what they have counts
-- `100 / percent` times. The length of a body is in its row, so no body is read.
with sampled as materialized (
    select id, script_id from executions tablesample system (%(percent)s::float8) repeatable (1)
),
summed as (
    select e.script_id, count(*) as executions, coalesce(sum(i.bytes), 0) + coalesce(sum(r.bytes), 0) as bytes
    from sampled e
    left join lateral (
        select octet_length(body) as bytes from execution_inputs where execution_id = e.id limit 1
    ) i on true
    left join lateral (
        select coalesce(octet_length(body), 0) + coalesce(octet_length(logs), 0) as bytes
        from execution_results
        where execution_id = e.id
        limit 1
    ) r on true
    group by e.script_id
)
select
    s.id as script_id, s.name, round(u.executions * 100 / %(percent)s::numeric)::bigint as executions,
    round(u.bytes * 100 / %(percent)s::numeric)::bigint as stored_bytes
from summed u
join scripts s on s.id = u.script_id
order by u.bytes desc, s.id
limit %(count)s
