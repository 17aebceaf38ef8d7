select exists (
    select from jobs where finished_at is null and (held_by is null or leased_until < now())
) as is_waiting
