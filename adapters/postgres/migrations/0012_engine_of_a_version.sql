-- oldest code: 1
-- A version has its engine, and an execution may end because a worker lacks it. Up to now the worker's setting chose the
-- engine of a run: `dukpy`, unless the operator had set another, which the record of a version's last run tells. Which
-- names there are is the code's affair, since later releases may know more.
--
-- Code of levels 1 to 11 knows nothing of it. The versions that it adds get `dukpy`, and it sees only executions of versions
-- on `dukpy` (through `version_facts`), so that it never runs another version on the wrong engine; it fails when it is to
-- show an `engine_unavailable`. Replace workers first.

alter table script_versions add column engine text not null default 'dukpy'
constraint engine_has_a_name check (length(engine) between 1 and 64);

update script_versions v set engine = 'quickjs-ng'
where 'quickjs-ng' = (
    select split_part(e.engine, ' ', 1)
    from executions e
    where e.script_id = v.script_id and e.version = v.number and e.engine is not null
    order by e.id desc
    limit 1
);

create or replace view version_facts as
select
    v.script_id as of_script, v.number as of_version, s.name as script_name, v.sha256 as source_sha256,
    v.wall_limit_ms, v.memory_limit_bytes, v.result_limit_bytes, v.log_limit_bytes
from script_versions v
join scripts s on s.id = v.script_id
where v.engine = 'dukpy';

-- The facts of `version_facts`, of versions on any engine.
create view submission_facts as
select
    v.script_id as of_script, v.number as of_version, s.name as script_name, v.sha256 as source_sha256,
    v.engine as version_engine, v.wall_limit_ms, v.memory_limit_bytes, v.result_limit_bytes, v.log_limit_bytes
from script_versions v
join scripts s on s.id = v.script_id;

-- The rows that are there passed a check that was stricter, so they are not looked at again.
alter table executions drop constraint error_kind_is_known;
alter table executions add constraint error_kind_is_known check (error_kind in (
    'script_error', 'invalid_result', 'timeout', 'memory_limit', 'output_limit',
    'cancelled', 'worker_lost', 'sandbox_violation', 'engine_unavailable'
)) not valid;
