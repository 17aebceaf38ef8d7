-- Results of tests that are still there: a test that was written anew has another id. The script is locked.
insert into test_results (test_id, version, passed, checked_at)
select t.id, %(version)s, r.passed, %(checked_at)s
from unnest(%(ids)b::uuid[], %(passed)s::boolean[]) as r (id, passed)
join script_tests t on t.id = r.id
on conflict (test_id, version) do update set passed = excluded.passed, checked_at = excluded.checked_at
