-- oldest code: 1
-- What an execution and a version are warned about, as JSON arrays of objects; null when there is nothing.
-- Code of level 1 leaves all three null, which says the same.

alter table script_versions add column warnings jsonb;
alter table script_versions add constraint warnings_are_some check (
    jsonb_typeof(warnings) = 'array' and warnings <> '[]'
);

alter table executions add column input_warnings jsonb;
alter table executions add column output_warnings jsonb;
alter table executions add constraint input_warnings_are_some check (
    jsonb_typeof(input_warnings) = 'array' and input_warnings <> '[]'
);
alter table executions add constraint output_warnings_are_some check (
    jsonb_typeof(output_warnings) = 'array' and output_warnings <> '[]'
);
alter table executions add constraint output_warnings_belong_to_a_run check (
    output_warnings is null or engine is not null
);
