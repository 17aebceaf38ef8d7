-- oldest code: 1
-- A run's warnings about features that behave differently from Node, a JSON array of objects as in the other columns, and
-- whether the position of an error is exact. Code of levels 1 to 12 neither reads nor writes them: null says that nothing is
-- known, and what is read then is no such warning, and of the position what its engine's name tells.

alter table executions add column run_warnings jsonb;
alter table executions add column error_position_is_exact boolean;

-- The rows that are there have neither, so they are not looked at again.
alter table executions add constraint run_warnings_are_some check (
    jsonb_typeof(run_warnings) = 'array' and run_warnings <> '[]'
) not valid;
alter table executions add constraint run_warnings_belong_to_a_run check (
    run_warnings is null or engine is not null
) not valid;
alter table executions add constraint exactness_belongs_to_a_position check (
    error_position_is_exact is null or error_line is not null
) not valid;
