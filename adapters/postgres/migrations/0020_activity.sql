-- oldest code: 1
-- The activity of scripts: counts of the hours that are over, and the way to the executions of later ones. Code of levels 1 to
-- 19 counts nothing; what it has ended is counted by the code of this level.

-- The bin of a duration: eight to a doubling, from 0.1 ms on. `domain.activity` has the same formula.
create function duration_bin(wall_ms double precision) returns smallint language sql immutable parallel safe as $$
    select pg_catalog.floor(8 * pg_catalog.ln(greatest(wall_ms, 0.1)) / pg_catalog.ln(2::double precision))::smallint
$$;
grant execute on function duration_bin(double precision) to public;

-- What ended in an hour, or in a day in UTC, replays apart. `failed` are without those that were cancelled; `durations` are
-- bins, and `runs` how many runs each has. A time without ends has no row.
create table activity_sums (
    script_id uuid not null references scripts (id),
    hours smallint not null check (hours in (1, 24)),
    start timestamptz not null,
    executions integer not null check (executions > 0),
    failed integer not null check (failed >= 0),
    cancelled integer not null check (cancelled >= 0),
    durations smallint[] not null,
    runs integer[] not null,
    primary key (script_id, hours, start),
    constraint outcomes_are_of_executions check (failed + cancelled <= executions),
    constraint each_duration_has_its_runs check (cardinality(durations) = cardinality(runs))
);

-- The beginning of the first hour that has not been added up: the counts of earlier ones are in the table above. One row, or
-- none before hours are added up for the first time.
create table activity_summed (until timestamptz not null);
create unique index activity_is_summed_once on activity_summed ((true));

-- An execution enters this index once, when it ends; its key grows, so the index grows at its end.
create index executions_by_end on executions (finished_at) where finished_at is not null and replay_of is null;
