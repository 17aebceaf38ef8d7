-- The table holds the parts of a few seconds, so it is read as a whole, and each execution is looked up by its id: the
-- planner, which cannot know that, would read all executions for `not exists`. Parts that another purge deletes are passed
-- over.
delete from live_logs
where (execution_id, claim_id, first_line) in (
    select execution_id, claim_id, first_line
    from live_logs l
    where (select claim_id from executions where id = l.execution_id) is distinct from claim_id
    for update skip locked
)
