-- The data key goes too: what is left of the content elsewhere in encrypted form is shredded with it.
with removed as (
    update jobs j
    set
        content_removed_at = greatest(r.at, j.finished_at), error = null, error_is_encrypted = false,
        differences = null, differences_are_encrypted = false, master_key_id = null, wrapped = null
    from unnest(%(ids)b::uuid[], %(attempts)s::smallint[], %(at)b::timestamptz[]) as r (id, attempt, at)
    where j.id = r.id and j.attempt = r.attempt and j.finished_at is not null and j.content_removed_at is null
    returning j.id, j.script_id, j.version
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, job_id)
    select
        'removed_job', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
    from removed
)
update job_partitions p
set
    error = null, error_is_encrypted = false,
    warnings = (
        select jsonb_agg(case when w ? 'first_pointer' then w || '{"first_pointer": null}' else w end order by place)
        from jsonb_array_elements(p.warnings) with ordinality as e (w, place)
    )
from removed r
where p.job_id = r.id and (p.error is not null or p.warnings is not null)
