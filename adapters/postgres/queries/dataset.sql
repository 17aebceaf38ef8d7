select
    e.id, e.input_bytes, e.input_sha256, i.encoding as input_encoding, i.body as input_body, i.sealed as input_sealed,
    k.master_key_id, k.wrapped as wrapped_key
from executions e
join execution_inputs i on i.execution_id = e.id
left join execution_keys k on k.execution_id = e.id
where e.id = %(id)s
