-- oldest code: 1
-- An execution without a run, such as one that was cancelled, has no duration. It was counted as a run of 0.1 ms, because
-- `greatest` passes over a null. No run is that short, since the sandbox takes longer, so all sums of that bin are such ones.

create or replace function duration_bin(wall_ms double precision) returns smallint
language sql immutable parallel safe as $$
    select case
        when wall_ms is not null
        then pg_catalog.floor(8 * pg_catalog.ln(greatest(wall_ms, 0.1)) / pg_catalog.ln(2::double precision))::smallint
    end
$$;

update activity_sums
set (durations, runs) = (
    select coalesce(array_agg(duration order by duration), '{}'), coalesce(array_agg(run order by duration), '{}')
    from unnest(durations, runs) as r (duration, run)
    where duration <> duration_bin(0.1)
)
where duration_bin(0.1) = any(durations);
