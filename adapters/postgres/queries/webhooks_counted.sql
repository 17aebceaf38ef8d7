select count(*) as webhooks from (select 1 from webhooks order by id limit %(up_to)s) one
