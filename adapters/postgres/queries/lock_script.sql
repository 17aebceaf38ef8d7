-- Excludes other moves of the script's aliases, and changes of its tests and of its gate, but no execution of it.
select clock_timestamp() as now from scripts where id = %(script_id)s for no key update
