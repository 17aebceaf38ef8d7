select id, script_id from executions where id = any(%(ids)b::uuid[])
