insert into execution_results (execution_id, encoding, body, logs, logs_truncated)
select * from unnest(
    %(execution_ids)b::uuid[], %(encodings)s::text[], %(bodies)b::bytea[], %(logs)b::bytea[], %(truncated)b::boolean[]
)
