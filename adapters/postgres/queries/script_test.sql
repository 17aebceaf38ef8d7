select
    t.id, t.script_id, t.name, t.created_at, (select name from api_keys where id = t.created_by) as author, t.from_execution,
    t.circumstances, t.input_bytes, t.input_sha256, t.encoding, t.body, t.expected, t.master_key_id, t.wrapped as wrapped_key
from script_tests t
where t.script_id = %(script_id)s and t.name = %(name)s
