with finished as (
    update version_replays
    set finished_at = greatest(clock_timestamp(), created_at), report = %(report)s::jsonb
    where
        id = %(id)s and finished_at is null
        and not exists (select from version_replay_executions where replay_id = %(id)s and outcome is null)
    returning id, script_id, version, report
), recorded as (
    insert into webhook_deliveries (webhook_id, event, script_id, facts)
    select
        i.webhook_id, i.event, f.script_id,
        jsonb_build_object(
            'replay', f.id, 'version', f.version, 'executions', f.report #> '{counts,total}', 'counts', f.report -> 'counts'
        )
    from finished f
    join webhook_interests i
        on i.event = 'replay.finished' and i.script_id in (f.script_id, '00000000-0000-0000-0000-000000000000')
    returning 1
)
select exists (select from recorded) as has_event from finished
