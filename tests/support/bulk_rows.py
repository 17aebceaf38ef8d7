"""Many executions at once, made by the database itself, so that a table looks as after a million of them."""

from collections.abc import Sequence
from typing import Final, TypeAlias
from uuid import UUID

import psycopg

AN_ORIGINAL: Final = UUID("01900000-0000-7000-8000-000000000001")
"""The id of the first execution that has ended."""

_SCRIPTS: Final = """
insert into scripts
select overlay('00000000-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
    'script-' || n, '', now()
from generate_series(1, %(scripts)s) n
"""
_VERSIONS: Final = """
insert into script_versions select id, 1, 'x', sha256('x'), 1000, 1000, 1000, 1000, now() from scripts
on conflict do nothing
"""
_FINISHED: Final = """
insert into executions (
    id, script_id, version, state, attempt, submitted_at, started_at, finished_at, input_bytes, input_sha256,
    output_bytes, output_sha256, engine, wall_ms, cpu_ms, peak_memory_bytes
)
select overlay('01900000-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
    overlay('00000000-0000-7000-8000-000000000000' placing lpad(to_hex(1 + n %% %(scripts)s), 12, '0') from 25)::uuid,
    1, 'succeeded', 1, now(), now(), now(), 3, sha256('x'), 3, sha256('x'), 'an engine', 1, 1, 1
from generate_series(1, %(count)s) n
"""
_PENDING: Final = """
insert into executions (id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256, replay_of)
select overlay('01a00000-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
    overlay('00000000-0000-7000-8000-000000000000'
        placing lpad(to_hex(%(first)s + n %% %(scripts)s), 12, '0') from 25)::uuid,
    1, 'pending', 0, now(), 3, sha256('x'), %(replay_of)s::uuid
from generate_series(%(after)s::integer + 1, %(after)s::integer + %(count)s) n
"""
_BODIES: Final = (
    "insert into execution_inputs select id, 'identity', '[1]' from executions where state = 'pending'",
    """
    insert into execution_results
    select id, 'identity', '[1]', null, false from executions where state = 'succeeded' order by id limit 20000
    """,
    """
    insert into execution_keys
    select execution_id, 'old', set_byte(repeat('w', 60)::bytea, 0, 0) from execution_inputs
    union all
    select execution_id, 'old', set_byte(repeat('w', 60)::bytea, 0, 0) from execution_results
    on conflict do nothing
    """,
)

_REPLAYS: Final = (
    """
    insert into version_replays (id, script_id, version, created_at, wanted, held_by, leased_until, finished_at, report)
    select overlay('01b00000-0000-7000-8000-000000000000' placing lpad(to_hex(n), 12, '0') from 25)::uuid,
        overlay('00000000-0000-7000-8000-000000000000'
            placing lpad(to_hex(1 + n %% %(scripts)s), 12, '0') from 25)::uuid,
        1, now(), '{"last": 50}', null, null, case when n > %(scripts)s then now() end,
        case when n > %(scripts)s then '{"counts": {"total": 50}}'::jsonb end
    from generate_series(1, %(count)s) n
    """,
    """
    insert into version_replay_executions (replay_id, number, original_id, execution_id, outcome)
    select r.id, n, gen_random_uuid(), gen_random_uuid(), case when r.finished_at is not null or n < 40 then 'equal' end
    from version_replays r cross join generate_series(0, 49) n
    """,
)


_MOST_REPLAYED: Final = 100
"""So many of the scripts have 20 replays, of 50 executions each: 100,000 rows are many enough."""

Backlogs: TypeAlias = Sequence[tuple[int, int, int]]
"""The first of a backlog's scripts (from 1), their number, and the number of pending executions in all, for each."""


def fill(url: str, *, scripts: int, finished: int, pending: Backlogs, replays: Backlogs = ()) -> None:
    """Insert scripts, executions of them that have ended, and backlogs, first those of replays. Few results
    and data keys are stored. Nothing is analysed or vacuumed."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("set session_replication_role = replica")  # the references are right, and cost half of the time
        conn.execute(_SCRIPTS, {"scripts": scripts})
        conn.execute(_VERSIONS)
        conn.execute(_FINISHED, {"scripts": scripts, "count": finished})
        after = 0
        backlogs = [(AN_ORIGINAL, *one) for one in replays] + [(None, *one) for one in pending]
        for replay_of, first, among, count in backlogs:
            which = {"first": first, "scripts": among, "after": after, "count": count, "replay_of": replay_of}
            conn.execute(_PENDING, which)
            after += count
        replayed = min(scripts, _MOST_REPLAYED)
        for statement in _REPLAYS:
            conn.execute(statement, {"scripts": replayed, "count": 20 * replayed})
        for statement in _BODIES:
            conn.execute(statement)
