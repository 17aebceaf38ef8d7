-- A script's current tests, each with the result that it last had on the version.
select t.name, r.passed
from script_tests t
left join test_results r on r.test_id = t.id and r.version = %(version)s
where t.script_id = %(script_id)s
order by t.name
