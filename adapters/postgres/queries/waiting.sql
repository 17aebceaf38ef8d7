-- The order is only there to keep the planner on the index of the pending rows: a limit alone lures it into reading the
-- table from its beginning, where none of them are.
select count(*) as waiting
from (select 1 from executions where state = 'pending' order by script_id, id limit %(up_to)s) w
