-- The pending replays; the order is there for the reason that `waiting.sql` gives.
select count(*) as waiting
from (select 1 from executions where state = 'pending' and replay_of is not null order by script_id, id limit %(up_to)s) w
