select
    e.*, f.*,
    case when e.output_bytes <= %(result_up_to)s then r.encoding end as result_encoding,
    case when e.output_bytes <= %(result_up_to)s then r.body end as result_body,
    r.logs, coalesce(r.logs_truncated, false) as logs_truncated, r.sealed as result_sealed,
    k.master_key_id, k.wrapped as wrapped_key
from executions e
join submission_facts f on f.of_script = e.script_id and f.of_version = e.version
left join execution_results r on r.execution_id = e.id
left join execution_keys k on k.execution_id = e.id
where e.id = any(%(ids)b::uuid[])
