-- A script's tests, each with its latest result for a version, without their content.
select
    t.id, t.script_id, t.name, t.created_at, (select name from api_keys where id = t.created_by) as author, t.from_execution,
    t.circumstances, t.input_bytes, t.input_sha256, r.passed, r.checked_at
from script_tests t
left join test_results r on r.test_id = t.id and r.version = %(version)s
where t.script_id = %(script_id)s
order by t.script_id, t.name
