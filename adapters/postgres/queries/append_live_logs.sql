-- The rows of the executions are locked until the commit, in the order of ids, in which the parts come: so no part comes
-- after the end of its claim, and the removal of an execution's content sees all parts. Each is looked up by its id.
with held as materialized (
    select e.id, e.claim_id
    from unnest(%(ids)b::uuid[], %(claim_ids)b::uuid[]) as c (id, claim_id)
    cross join lateral (select id, claim_id from executions where id = c.id and claim_id = c.claim_id for share) e
), appended as (
    insert into live_logs (execution_id, claim_id, first_line, lines, truncated, sealed)
    select id, claim_id, first_line, lines, truncated, sealed
    from unnest(
        %(ids)b::uuid[], %(claim_ids)b::uuid[], %(first_lines)b::integer[], %(lines)b::bytea[], %(truncated)b::boolean[],
        %(sealed)b::boolean[]
    ) as p (id, claim_id, first_line, lines, truncated, sealed)
    where (id, claim_id) in (select id, claim_id from held)
    on conflict (execution_id, claim_id, first_line) do update
    set lines = excluded.lines, truncated = excluded.truncated, sealed = excluded.sealed
)
select claim_id from held
