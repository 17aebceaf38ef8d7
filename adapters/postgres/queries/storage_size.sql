select
    pg_database_size(current_database()) as database_bytes,
    pg_relation_size('executions') / current_setting('block_size')::bigint as pages
