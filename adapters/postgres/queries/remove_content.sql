-- All of it is one statement, so that nobody sees a part of it. An ending is final and was committed before it was read,
-- so its result is among the rows that this statement sees. What was removed before keeps its time.
-- The data key goes too: what is left of the content elsewhere in sealed form is shredded with it.
with removed as (
    update executions e
    set
        content_removed_at = c.content_removed_at, error_message = c.error_message, error_stack = c.error_stack,
        error_sealed = null, error_sha256 = coalesce(e.error_sha256, c.error_sha256),
        input_warnings = c.input_warnings::jsonb, output_warnings = c.output_warnings::jsonb
    from unnest(
        %(id)b::uuid[], %(content_removed_at)b::timestamptz[], %(error_message)s::text[], %(error_stack)s::text[],
        %(error_sha256)b::bytea[], %(input_warnings)s::text[], %(output_warnings)s::text[]
    ) as c (id, content_removed_at, error_message, error_stack, error_sha256, input_warnings, output_warnings)
    -- has ended and still has it, in words that lead to no index but that of ids
    where e.id = c.id and num_nonnulls(e.finished_at, e.content_removed_at) = 1
    returning e.id, e.script_id, e.version
), audited as (
    insert into audit (action, key_id, request_id, server_request_id, script_id, version, execution_id)
    select
        'removed_content', %(key_id)s::uuid, %(request_id)s::text, %(server_request_id)s::uuid, script_id, version, id
    from removed
), datasets as (
    delete from execution_inputs i using removed r where i.execution_id = r.id
), keys as (
    delete from execution_keys k using removed r where k.execution_id = r.id
), live as (
    delete from live_logs l using removed r where l.execution_id = r.id
)
delete from execution_results e using removed r where e.execution_id = r.id
