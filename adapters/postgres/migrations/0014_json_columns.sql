-- oldest code: 1
-- The API key that submitted an execution, and JSON objects for what else the domain knows beyond the columns that are there:
-- of the client that submitted it, of its run (`isolation`), and of the limits of a version. Later members need no migration.
-- Code of levels 1 to 13 neither reads nor writes them: null says that nothing is known, and of limits that there are none but
-- those with columns. Keys are never deleted, but a reference would be checked for each submission.

alter table executions add column submitted_by uuid;
alter table executions add column attribution jsonb;
alter table executions add column provenance jsonb;
alter table script_versions add column limits jsonb;

-- The rows that are there have none, so they are not looked at again.
alter table executions add constraint attribution_is_an_object check (jsonb_typeof(attribution) = 'object') not valid;
alter table executions add constraint provenance_is_an_object check (jsonb_typeof(provenance) = 'object') not valid;
alter table executions add constraint provenance_belongs_to_a_run check (
    provenance is null or engine is not null
) not valid;
alter table script_versions add constraint limits_are_an_object check (jsonb_typeof(limits) = 'object') not valid;

create or replace view submission_facts as
select
    v.script_id as of_script, v.number as of_version, s.name as script_name, v.sha256 as source_sha256,
    v.engine as version_engine, v.wall_limit_ms, v.memory_limit_bytes, v.result_limit_bytes, v.log_limit_bytes, v.limits
from script_versions v
join scripts s on s.id = v.script_id;
