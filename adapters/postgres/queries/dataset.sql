-- What there is of a dataset, and its first part.
select
    e.id, e.input_bytes as size_bytes, e.input_sha256 as sha256, i.encoding, i.sealed,
    octet_length(i.body) as stored_bytes, substring(i.body from 1 for %(count)s) as part,
    k.master_key_id, k.wrapped as wrapped_key
from executions e
join execution_inputs i on i.execution_id = e.id
left join execution_keys k on k.execution_id = e.id
where e.id = %(id)s
