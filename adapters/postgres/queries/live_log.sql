-- No row if the claim is no longer valid; one row without a part if nothing has been sent yet.
select
    e.id, l.lines as live_lines, coalesce(l.truncated, false) as truncated, l.sealed as live_sealed, k.master_key_id,
    k.wrapped as wrapped_key
from executions e
left join live_logs l on l.execution_id = e.id and l.claim_id = e.claim_id
left join execution_keys k on k.execution_id = e.id
where e.id = %(id)s and e.claim_id = %(claim_id)s
order by l.first_line
