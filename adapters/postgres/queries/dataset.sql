select i.encoding, i.body, e.input_bytes as size_bytes, e.input_sha256 as sha256
from executions e
join execution_inputs i on i.execution_id = e.id
where e.id = %(id)s
