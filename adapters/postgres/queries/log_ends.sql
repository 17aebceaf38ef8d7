-- The newest part of the log of each running execution, by one descent of an index each.
select c.id, p.claim_id, p.first_line, octet_length(p.lines) as size_bytes, p.truncated
from unnest(%(ids)b::uuid[]) as c (id)
cross join lateral (select claim_id from executions where id = c.id limit 1) e
cross join lateral (
    select claim_id, first_line, lines, truncated
    from live_logs
    where execution_id = c.id and claim_id = e.claim_id
    order by first_line desc
    limit 1
) p
