-- oldest code: 1
-- The claim goes from script to script over this index, and takes the oldest rows of each.
-- Code of levels 1 and 2, which claims the oldest of all, finds the same rows without the index that goes, but by reading
-- the table in the order of ids: it works, at a third of a second a claim once a million executions have ended.

create index executions_waiting on executions (script_id, id) where state = 'pending';
drop index executions_pending;
