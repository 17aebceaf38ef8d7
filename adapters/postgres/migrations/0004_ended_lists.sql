-- oldest code: 1
-- A list of what has failed reads neither past all that succeeded nor past what waits.
-- An execution enters this index once, when it ends.

create index executions_ended on executions (state, id) where finished_at is not null;
