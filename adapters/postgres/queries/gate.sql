select gate, revision from script_gates where script_id = %(script_id)s
