-- All of it is one statement, so that nobody sees a part of it. An ending is final and was committed before it was read,
-- so its result is among the rows that this statement sees. What was removed before keeps its time.
with removed as (
    update executions
    set
        content_removed_at = %(content_removed_at)s, error_message = %(error_message)s, error_stack = %(error_stack)s,
        input_warnings = %(input_warnings)s::jsonb, output_warnings = %(output_warnings)s::jsonb
    where id = %(id)s and finished_at is not null and content_removed_at is null
    returning id, script_id, version
), audited as (
    insert into audit (action, key_id, request_id, script_id, version, execution_id)
    select 'removed_content', %(key_id)s::uuid, %(request_id)s::text, script_id, version, id from removed
), datasets as (
    delete from execution_inputs i using removed r where i.execution_id = r.id
)
delete from execution_results e using removed r where e.execution_id = r.id
