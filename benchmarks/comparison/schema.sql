create table if not exists scripts (
    id uuid primary key,
    name text not null unique,
    source text not null,
    created_at timestamptz not null default now()
);

create table if not exists executions (
    id uuid primary key,
    script_id uuid not null references scripts (id),
    status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
    input text not null,
    result text,
    error text,
    submitted_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
);
