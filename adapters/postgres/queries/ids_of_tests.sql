select id, name from script_tests where script_id = %(script_id)s
