-- The hours to add up next, unless another process is about to: some at a time, up to one that has been over for five
-- minutes by the database's clock. The latest ones that were added up are so again, for executions that were stored late.
with over as (
    select to_timestamp(floor(extract(epoch from now() - interval '5 minutes') / 3600) * 3600) as until
)
select
    s.until - interval '3 hours' as since, least(o.until, s.until + interval '24 hours') as until,
    s.until + interval '24 hours' < o.until as more
from activity_summed s
cross join over o
where s.until < o.until
for update of s skip locked
