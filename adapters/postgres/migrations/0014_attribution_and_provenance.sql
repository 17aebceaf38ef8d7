-- oldest code: 1
-- JSON objects for what the domain knows of an execution beyond the columns that are there: of the client that submitted
-- it (`submitted_by`, the id of its API key), and of its run (`isolation`). Later members need no migration. Code of levels
-- 1 to 13 neither reads nor writes them: null says that nothing is known.

alter table executions add column attribution jsonb;
alter table executions add column provenance jsonb;

-- The rows that are there have neither, so they are not looked at again.
alter table executions add constraint attribution_has_members check (
    jsonb_typeof(attribution) = 'object' and attribution <> '{}'
) not valid;
alter table executions add constraint provenance_has_members check (
    jsonb_typeof(provenance) = 'object' and provenance <> '{}'
) not valid;
alter table executions add constraint provenance_belongs_to_a_run check (
    provenance is null or engine is not null
) not valid;
