-- Of changes that are committed, so nothing is lost with this transaction that polling does not find: no flush is waited
-- for, while it holds the lock that all transactions with notifications share.
select set_config('synchronous_commit', 'off', true), pg_notify(channel, payload)
from unnest(%(channels)s::text[], %(payloads)s::text[]) as n (channel, payload)
