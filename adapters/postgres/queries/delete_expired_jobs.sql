-- As `delete_expired`, with the partitions, whose number is bounded as in `job_contents_expired`.
with expired as materialized (
    select j.*
    from scripts s
    cross join lateral (
        select now() - coalesce(make_interval(days => s.retain_rows_days), %(kept_for)s::interval) as before
    ) b
    cross join lateral (
        select id, script_id, attempt, partitions
        from jobs
        where script_id = s.id and finished_at is not null and finished_at < b.before
        order by finished_at
        limit %(count)s
        for update skip locked
    ) j
    where s.id >= %(first)s and not s.retain_rows_forever
    order by s.id
    limit %(count)s
), portion as (
    select *, sum(partitions) over (order by script_id, id) - partitions as before from expired
)
delete from jobs j
using portion p
where j.id = p.id and p.before < %(most_partitions)s
returning j.script_id
