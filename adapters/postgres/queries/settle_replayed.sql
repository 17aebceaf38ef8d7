update version_replay_executions
set outcome = %(outcome)s, reason = %(reason)s, detail = %(detail)s, counts = %(counts)s::jsonb
where execution_id = %(execution_id)s and outcome is null
returning execution_id
