-- The data key of a job that this process holds: the one that it has, or now this one.
update jobs
set
    master_key_id = case when wrapped is null then %(master_key_id)s else master_key_id end,
    wrapped = coalesce(wrapped, %(wrapped)b)
where id = %(job_id)s and held_by = %(holder)s and finished_at is null
returning master_key_id, wrapped
