-- As `contents_expired`: the jobs whose content `remove_job_content` removes. Those that would bring the partitions of all
-- beyond `most_partitions` are left for the next time.
with expired as materialized (
    select j.*
    from scripts s
    cross join lateral (
        select now() - coalesce(make_interval(days => s.retain_content_days), %(kept_for)s::interval) as before
    ) b
    cross join lateral (
        select id, script_id, attempt, partitions
        from jobs
        where script_id = s.id and finished_at is not null and finished_at < b.before and content_removed_at is null
        order by finished_at
        limit %(count)s
        for update skip locked
    ) j
    where s.id >= %(first)s and not s.retain_content_forever
    order by s.id
    limit %(count)s
), portion as (
    select *, sum(partitions) over (order by script_id, id) - partitions as before from expired
)
select id, script_id, attempt, clock_timestamp() as at from portion where before < %(most_partitions)s
