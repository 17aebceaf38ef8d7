-- One job, or a page of them, newest first, the latter without what may be large: all but the first objects, and
-- differences. It is planned with the parameters' values.
with page as materialized (
    select *
    from jobs
    where
        (%(id)s::uuid is null or id = %(id)s)
        and (%(script)s::uuid is null or script_id = %(script)s)
        and (%(status)s::text is null or status = %(status)s)
        and (%(before)s::uuid is null or id < %(before)s)
    order by id desc
    limit %(limit)s
)
select
    p.id, p.script_id, p.version, p.run_limits, p.clock, p.seed, p.request, p.submitted_at, p.submitted_by, p.alias,
    p.attempt, p.phase, p.is_verified, p.plan, p.objects, p.planned, p.started_at, p.finished_at, p.outcome, p.error_kind,
    p.error_partition, p.error, p.error_is_encrypted, p.differences_are_encrypted, p.content_removed_at,
    p.master_key_id, p.wrapped, p.partitions, p.done, p.failed, p.bytes_total, p.bytes_done, p.rows_done, p.result_bytes,
    case when %(id)s::uuid is not null then p.more_objects end as more_objects,
    case when %(id)s::uuid is not null then p.differences end as differences,
    f.script_name, f.source_sha256, f.version_engine, k.name as submitted_by_name
from page p
join submission_facts f on f.of_script = p.script_id and f.of_version = p.version
left join lateral (select name from api_keys where id = p.submitted_by limit 1) k on true
order by p.id desc
