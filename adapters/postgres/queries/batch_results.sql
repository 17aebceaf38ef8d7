select
    e.id, e.output_bytes, e.output_sha256, r.encoding as result_encoding, r.body as result_body, r.sealed as result_sealed,
    k.master_key_id, k.wrapped as wrapped_key
from executions e
join execution_results r on r.execution_id = e.id
left join execution_keys k on k.execution_id = e.id
where e.id = any(%(ids)b::uuid[]) and r.body is not null
