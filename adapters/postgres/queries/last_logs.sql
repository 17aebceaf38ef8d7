-- The parts of claims that have just ended, each log in its order.
select
    c.id, l.lines as live_lines, l.truncated, l.sealed as live_sealed, k.master_key_id, k.wrapped as wrapped_key
from unnest(%(ids)b::uuid[], %(claim_ids)b::uuid[]) as c (id, claim_id)
join live_logs l on l.execution_id = c.id and l.claim_id = c.claim_id
left join execution_keys k on k.execution_id = c.id
order by c.id, l.first_line
