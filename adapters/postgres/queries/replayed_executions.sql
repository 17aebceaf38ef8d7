select number, original_id, execution_id, outcome, reason, detail, counts
from version_replay_executions
where replay_id = %(replay_id)s and number >= %(first)s
order by number
limit %(limit)s
