-- oldest code: 1
-- Facts for the status of the service: the slots of each worker, and the verified backups. Code of lower levels writes
-- neither: null says that a worker has not told its slots.

alter table workers add column slots integer check (slots > 0);

-- The latest verified backups, written by the command that makes them once the file has its name. So a backup does not
-- contain the record of itself. `taken_at` is not later than its snapshot.
create table backups (
    id uuid primary key default gen_random_uuid(),
    taken_at timestamptz not null,
    verified_at timestamptz not null default clock_timestamp(),
    size_bytes bigint not null check (size_bytes > 0),
    constraint a_backup_is_verified_after_its_snapshot check (verified_at >= taken_at)
);
