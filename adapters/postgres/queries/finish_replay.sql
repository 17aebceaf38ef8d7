update version_replays
set finished_at = greatest(clock_timestamp(), created_at), report = %(report)s::jsonb
where
    id = %(id)s and finished_at is null
    and not exists (select from version_replay_executions where replay_id = %(id)s and outcome is null)
returning id
