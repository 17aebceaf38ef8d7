-- What there is of a result, and its first part.
select
    e.id, e.output_bytes as size_bytes, e.output_sha256 as sha256, r.encoding, r.sealed,
    octet_length(r.body) as stored_bytes, substring(r.body from 1 for %(count)s) as part,
    k.master_key_id, k.wrapped as wrapped_key
from executions e
join execution_results r on r.execution_id = e.id
left join execution_keys k on k.execution_id = e.id
where e.id = %(id)s and r.body is not null
