-- The table holds the parts of a few seconds, so it is read as a whole, and each execution is looked up by its id: the
-- planner, which cannot know that, would read all executions for `not exists`. The rows are locked before they are deleted,
-- so that their places stay theirs, and those that another purge deletes are passed over.
delete from live_logs
where ctid = any(array(
    select l.ctid
    from live_logs l
    where (select e.claim_id from executions e where e.id = l.execution_id) is distinct from l.claim_id
    for update skip locked
))
