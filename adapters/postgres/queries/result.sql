select r.encoding, r.body, e.output_bytes as size_bytes, e.output_sha256 as sha256
from executions e
join execution_results r on r.execution_id = e.id
where e.id = %(id)s and r.body is not null
