-- The differences of executions of a replay, with their data keys. Those of removed content are not there any more.
select
    v.number, v.original_id, v.execution_id as id, v.execution_id, v.outcome, v.reason, v.detail, v.counts,
    d.size_bytes, d.sha256, d.encoding, d.body as differences_body, d.sealed as differences_sealed,
    k.master_key_id, k.wrapped as wrapped_key
from version_replay_executions v
join execution_differences d on d.execution_id = v.execution_id
left join execution_keys k on k.execution_id = v.execution_id
where v.replay_id = %(replay_id)s and v.number >= %(first)s
order by v.number
limit %(limit)s
