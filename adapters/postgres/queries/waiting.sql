-- Replays are behind all others, so they take no room from them (`replays_waiting.sql` counts them). The order is only
-- there to keep the planner on the index of the pending rows: a limit alone lures it into reading the table from its
-- beginning, where none of them are.
select count(*) as waiting
from (select 1 from executions where state = 'pending' and replay_of is null order by script_id, id limit %(up_to)s) w
