-- One batch, or a page of them, newest first. It is planned with the parameters' values. Of a batch's executions those that
-- run are counted over all that run, which are few, however many the batch has.
with page as materialized (
    select *
    from batches
    where
        (%(id)s::uuid is null or id = %(id)s)
        and (%(script)s::uuid is null or script_id = %(script)s)
        and (%(version)s::integer is null or version = %(version)s)
        and (%(before)s::uuid is null or id < %(before)s)
    order by id desc
    limit %(limit)s
), running as materialized (
    select attribution -> 'batch' ->> 'batch_id' as batch_id, count(*) as running
    from executions
    where state = 'running' and attribution -> 'batch' is not null
    group by 1
)
select
    p.*, f.script_name, f.source_sha256, f.version_engine, k.name as submitted_by_name,
    coalesce((select running from running where batch_id = p.id::text), 0) as running
from page p
join submission_facts f on f.of_script = p.script_id and f.of_version = p.version
left join lateral (select name from api_keys where id = p.submitted_by limit 1) k on true
order by p.id desc
