-- Its partitions follow in the same transaction.
update jobs
set
    plan = %(plan)s, more_objects = %(more_objects)s::text, objects = %(objects)s, planned = %(planned)s::integer,
    bytes_total = %(bytes_total)s
where
    id = %(job_id)s and held_by = %(holder)s and leased_until > clock_timestamp() and finished_at is null
    and plan is null
returning id
