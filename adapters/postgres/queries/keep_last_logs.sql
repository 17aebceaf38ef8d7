-- Of executions that the same transaction has ended, so they have no result, and nobody has removed their content yet.
insert into execution_results (execution_id, logs, logs_truncated, sealed)
select * from unnest(%(ids)b::uuid[], %(logs)b::bytea[], %(truncated)b::boolean[], %(sealed)b::boolean[])
