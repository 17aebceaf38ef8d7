-- Hours are added up from the first that any period shows and in which an execution ended.
insert into activity_summed (until)
select to_timestamp(floor(extract(epoch from greatest(
    now() - interval '31 days',
    least(now(), (select min(finished_at) from executions where finished_at is not null and replay_of is null))
)) / 3600) * 3600)
where not exists (select from activity_summed)
on conflict do nothing
