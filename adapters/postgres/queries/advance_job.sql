update jobs
set
    phase = %(phase)s, is_verified = %(is_verified)s,
    planned = case when plan is not null then %(planned)s::integer end
where id = %(job_id)s and held_by = %(holder)s and leased_until > clock_timestamp() and finished_at is null
returning id
