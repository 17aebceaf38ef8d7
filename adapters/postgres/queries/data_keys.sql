select execution_id, master_key_id, wrapped from execution_keys where execution_id = any(%(ids)b::uuid[])
