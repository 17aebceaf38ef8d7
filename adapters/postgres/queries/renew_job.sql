-- A renewal that a crash of the database loses ends the hold earlier, so none waits for its flush.
update jobs
set leased_until = clock_timestamp() + %(lease)s::interval
where id = %(job_id)s and held_by = %(holder)s and leased_until > clock_timestamp() and finished_at is null
returning id, set_config('synchronous_commit', 'off', true) as flushes
