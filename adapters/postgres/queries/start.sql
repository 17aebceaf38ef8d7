update executions e
set
    state = 'running', attempt = c.attempt, started_at = c.started_at, claim_id = c.claim_id, worker = c.worker,
    leased_until = now() + %(lease)s
from unnest(
    %(ids)b::uuid[], %(attempts)b::smallint[], %(started_at)b::timestamptz[], %(claim_ids)b::uuid[], %(workers)s::text[]
) as c (id, attempt, started_at, claim_id, worker)
where e.id = c.id
