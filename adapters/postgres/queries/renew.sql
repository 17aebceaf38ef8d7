update executions e
set leased_until = now() + %(lease)s
from unnest(%(ids)b::uuid[], %(claim_ids)b::uuid[]) as c (id, claim_id)
where e.id = c.id and e.claim_id = c.claim_id and e.finished_at is null
returning e.claim_id
