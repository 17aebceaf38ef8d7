-- Excludes other additions of webhooks until the end of the transaction. What is read in a later statement includes those
-- that were added before.
select pg_advisory_xact_lock(%(lock)s)
