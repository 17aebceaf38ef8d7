update jobs set held_by = null, leased_until = null
where id = %(job_id)s and held_by = %(holder)s and finished_at is null
