with execution as (
    insert into executions (
        id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256, input_warnings
    )
    values (
        %(id)s, %(script_id)s, %(version)s, 'pending', 0, %(submitted_at)s, %(input_bytes)s, %(input_sha256)b,
        %(input_warnings)s::jsonb
    )
)
insert into execution_inputs (execution_id, encoding, body)
values (%(id)s, %(encoding)s, %(body)b)
