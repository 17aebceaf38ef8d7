select count(*) as waiting from (select 1 from executions where state = 'pending' limit %(up_to)s) w
