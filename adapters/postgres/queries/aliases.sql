select script_id, name, version, move, moved_at from script_aliases where script_id = %(script_id)s order by name
