select
    id, script_id, name, created_at, created_by, from_execution, circumstances, input_bytes, input_sha256, encoding, body, expected,
    master_key_id, wrapped as wrapped_key
from script_tests
where script_id = %(script_id)s and name = %(name)s
