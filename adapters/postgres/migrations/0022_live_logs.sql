-- oldest code: 1
-- The logs of running executions, as far as their workers have sent them: parts of an attempt, told apart by its claim.
-- Only parts of the claim that the execution has now are ever shown, and none outlasts its content. The log of a finished
-- execution is in `execution_results`. Code of lower levels writes and reads none of it.
-- The table is logged: the parts of an attempt make one log, and a crash of the database must not take some of them from
-- a worker that goes on. They are few: one a second at most for each run, and at most 64 KiB of log in all.

create table live_logs (
    execution_id uuid not null references executions (id) on delete cascade,
    claim_id uuid not null,
    first_line integer not null check (first_line >= 0),
    lines bytea,
    truncated boolean not null,
    sealed boolean not null,
    primary key (execution_id, claim_id, first_line)
);
