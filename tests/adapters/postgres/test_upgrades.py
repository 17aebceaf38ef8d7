"""A database of any earlier release is migrated with its rows, and the oldest release's statements still work on it.

The statements are written out here as that code had them: they must not change when the code does.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, LiteralString
from uuid import UUID

import psycopg
import pytest
from attrs import evolve, frozen

from adapters.postgres.audit import PostgresAudit
from adapters.postgres.connections import open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.schema import MIGRATIONS, migrate
from adapters.postgres.scripts import PostgresScripts
from application.ports.access import AuditFilter
from application.ports.executions import NewExecution
from application.ports.queue import Completion
from domain.audit import Action, Actor, AuditEvent
from domain.body import Body, Encoding, digest
from domain.engine import EngineName
from domain.execution import UNATTRIBUTED, Attribution, Claim, Failed, Pending, Running, Succeeded
from domain.notes import NO_NOTE
from domain.outcome import Isolation, Logs
from domain.transitions import finish, lose, start
from tests.support.values import NOON, a_pending, a_run, an_id

KEPT: Final = Body(digest(b"[2]"), Encoding.IDENTITY, b"[2]")
Row = dict[str, object]
Connection = psycopg.Connection[tuple[object, ...]]

HOST: Final = "insert into scripts values (%(script)s, %(name)s, '', now() - interval '1 day')"
ADD_VERSION: Final = """
insert into script_versions (
    script_id, number, source, sha256, wall_limit_ms, memory_limit_bytes, result_limit_bytes, log_limit_bytes,
    created_at
) values (%(script)s, 1, %(source)s, sha256(%(source)s), 1000, 10000000, 1000, 1000, now() - interval '1 day')
"""
SUBMIT: Final = """
with added as (
    insert into executions (id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256)
    values (%(id)s, %(script)s, 1, 'pending', 0, now() - interval '1 hour', 3, sha256('[1]'))
)
insert into execution_inputs (execution_id, encoding, body) values (%(id)s, 'identity', '[1]')
"""
CLAIM: Final = """
with oldest as (
    select id from executions where state = 'pending' and id = %(id)s order by id limit 1 for update skip locked
)
update executions e
set state = 'running', attempt = attempt + 1, started_at = now() - interval '1 minute', claim_id = %(claim)s,
    worker = 'an old one', leased_until = now() - interval '1 second'
from oldest where e.id = oldest.id
"""
RELEASE: Final = """
update executions
set state = 'pending', started_at = null, claim_id = null, worker = null, leased_until = null
where id = %(id)s and claim_id = %(claim)s and state = 'running'
"""
SETTLE: Final[dict[str, LiteralString]] = {
    "succeeded": """
with settled as (
    update executions
    set state = 'succeeded', finished_at = now(), claim_id = null, worker = null, leased_until = null,
        output_bytes = 3, output_sha256 = sha256('[2]'), engine = 'old',
        wall_ms = 1.5, cpu_ms = 1, peak_memory_bytes = 9
    where id = %(id)s and claim_id = %(claim)s and state = 'running' returning id
)
insert into execution_results (execution_id, encoding, body, logs, logs_truncated)
select id, 'identity', '[2]', null, false from settled
""",
    "failed": """
with settled as (
    update executions
    set state = 'failed', finished_at = now(), claim_id = null, worker = null, leased_until = null,
        error_kind = 'script_error', error_message = 'boom', error_line = 2, error_column = 3,
        error_stack = 'at process', engine = 'old', wall_ms = 1.5, cpu_ms = 1, peak_memory_bytes = 9
    where id = %(id)s and claim_id = %(claim)s and state = 'running' returning id
)
insert into execution_results (execution_id, encoding, body, logs, logs_truncated)
select id, null, null, null, false from settled
""",
}
CANCEL: Final = """
update executions set state = 'failed', finished_at = now(), error_kind = 'cancelled', error_message = 'cancelled'
where id = %(id)s and state = 'pending'
"""
SINCE: Final[dict[int, LiteralString]] = {
    2: "update executions set input_warnings ="
    """ '[{"kind": "integer-precision", "detail": "one", "first_pointer": "/0"}]'""",
    5: "with gone as (delete from execution_results where execution_id = %(succeeded)s)"
    " update executions set content_removed_at = now() where id = %(succeeded)s",
    6: "insert into idempotency_keys values ('a key', sha256('x'), %(pending)s, now() + interval '1 day')",
}
"""Rows that a level of the schema made possible."""
TABLES: Final = ("scripts", "script_versions", "executions", "execution_inputs", "execution_results", "workers")


@frozen
class Life:
    """One script, and an execution of it in each state that there is."""

    script: UUID
    pending: UUID
    released: UUID
    running: UUID
    succeeded: UUID
    failed: UUID
    cancelled: UUID


def live_as_level_1(conn: Connection, name: str) -> Life:
    """Execute every statement of the oldest code, once; each must change one row."""
    life = Life(*(an_id() for _ in range(7)))

    def do(sql: LiteralString, execution: UUID | None = None) -> None:
        values = {"script": life.script, "name": name, "source": b"function process() {}", "id": execution}
        done = conn.execute(sql, values | {"claim": execution})
        assert done.rowcount == 1, sql

    do(HOST)
    do(ADD_VERSION)
    for execution in (life.pending, life.released, life.running, life.succeeded, life.failed, life.cancelled):
        do(SUBMIT, execution)
    for execution in (life.released, life.running, life.succeeded, life.failed):
        do(CLAIM, execution)
    do(RELEASE, life.released)
    do(SETTLE["succeeded"], life.succeeded)
    do(SETTLE["failed"], life.failed)
    do(CANCEL, life.cancelled)
    conn.execute("insert into workers values (%s, now()) on conflict (name) do update set last_seen = now()", [name])
    return life


def rows(conn: Connection) -> dict[str, list[Row]]:
    return {
        table: [row for (row,) in conn.execute(f"select to_jsonb(t) from {table} t order by t::text")]  # type: ignore[misc]
        for table in TABLES
    }


@pytest.mark.parametrize("level", range(1, len(MIGRATIONS)))
async def test_rows_of_every_state_survive_an_upgrade_and_old_code_works_after_it(
    empty_database: str, level: int
) -> None:
    migrate(empty_database, MIGRATIONS[:level])
    with psycopg.connect(empty_database, autocommit=True) as conn:
        life = live_as_level_1(conn, "before")
        for since, sql in SINCE.items():
            if since <= level:
                conn.execute(sql, {"succeeded": life.succeeded, "pending": life.pending})
        before = rows(conn)
        assert migrate(empty_database) == MIGRATIONS[level:]
        after = rows(conn)
        for table in TABLES:
            assert len(after[table]) == len(before[table])
            assert all(any(old.items() <= new.items() for new in after[table]) for old in before[table])
        later = live_as_level_1(conn, "after")
    async with open_pool(empty_database, "tests", size=2) as pool:
        await are_read(PostgresExecutions(pool), life, KEPT if level < 5 else None)
        await are_read(PostgresExecutions(pool), later, KEPT)
        await go_on(PostgresQueue(pool, "new", timedelta(seconds=15)), [life, later])


LATER_MEMBERS: Final = """
with later as (update script_versions set limits = '{"later": 1}')
update executions set attribution = '{"later": 1}', provenance = provenance || '{"later": {"x": []}}'
"""


async def test_this_release_and_others_that_run_beside_it_end_one_another_s_executions(empty_database: str) -> None:
    migrate(empty_database)
    with psycopg.connect(empty_database, autocommit=True) as conn:
        old = live_as_level_1(conn, "old")
        async with open_pool(empty_database, "tests", size=2) as pool:
            executions, queue = PostgresExecutions(pool), PostgresQueue(pool, "new", timedelta(seconds=15))
            version = await PostgresScripts(pool).version(old.script, 1)
            assert version is not None
            attribution = Attribution(submitted_by=an_id())
            pending = a_pending(version, "old")
            pending = evolve(pending, submission=evolve(pending.submission, attribution=attribution))
            await executions.add(NewExecution(pending, KEPT))
            for statement in (CLAIM, SETTLE["succeeded"]):
                conn.execute(statement, {"id": pending.submission.id, "claim": pending.submission.id})
            claimed = await queue.claim(10, lambda one, at: start(one, Claim(an_id(), "new"), at))
            runs = [finish(one.running, a_run(), timedelta(seconds=1)) for one in claimed]
            assert {one.submission.id for one in runs} == {old.pending, old.released}
            held = [one.running.claim.id for one in claimed]
            await queue.finish([Completion(*one, Logs(), KEPT) for one in zip(held, runs, strict=True)])
            conn.execute(LATER_MEMBERS)
            assert await beyond_columns(executions, pending.submission.id) == (attribution, None)
            assert await beyond_columns(executions, old.pending) == (UNATTRIBUTED, Isolation.VERSION)
            assert await PostgresScripts(pool).version(old.script, 1) == version


async def beyond_columns(executions: PostgresExecutions, succeeded: UUID) -> tuple[Attribution, Isolation | None]:
    """Read the members of an execution that have no column of their own."""
    report = await executions.report(succeeded, 100)
    assert report is not None
    assert isinstance(report.execution, Succeeded)
    return report.execution.submission.attribution, report.execution.provenance.isolation


LABELLED: Final = "update executions set engine = %(label)s where id = %(id)s"
OLD_CLAIM: Final = "select of_script from version_facts"
"""Through this view code of levels 1 to 11 reads the version of each execution that it claims, shows or reclaims."""


@pytest.mark.parametrize("level", range(8, 12))
async def test_existing_versions_keep_the_engine_that_ran_them_and_old_code_never_runs_another(
    empty_database: str, level: int
) -> None:
    migrate(empty_database, MIGRATIONS[:level])
    labels = {"dukpy": "dukpy 0.6.0 (QuickJS-NG 0.11.0)", "quickjs-ng": "quickjs-ng 0.17.0.2 (QuickJS-NG 0.17.0)"}
    with psycopg.connect(empty_database, autocommit=True) as conn:
        lives = {name: live_as_level_1(conn, name) for name in ("dukpy", "quickjs-ng", "never-ran", "changed-back")}
        for name, life in lives.items():
            for execution in (life.succeeded, life.failed):
                label = labels.get(name) if name != "changed-back" else labels["quickjs-ng"]
                conn.execute(LABELLED, {"id": execution, "label": label or "an older label"})
        conn.execute(LABELLED, {"id": lives["changed-back"].failed, "label": labels["dukpy"]})  # the last one
        never = lives["never-ran"]
        conn.execute("delete from executions where id = any(%s)", [[never.succeeded, never.failed]])
        migrate(empty_database)
        later = live_as_level_1(conn, "of-an-old-process")
        seen = {script for (script,) in conn.execute(OLD_CLAIM)}
    expected = {life.script: EngineName.DUKPY for life in (*lives.values(), later)}
    expected[lives["quickjs-ng"].script] = EngineName.QUICKJS_NG
    assert seen == {script for script, engine in expected.items() if engine is EngineName.DUKPY}
    async with open_pool(empty_database, "tests", size=2) as pool:
        scripts, queue = PostgresScripts(pool), PostgresQueue(pool, "new", timedelta(seconds=15))
        for script, engine in expected.items():
            found, version = await scripts.find(script), await scripts.version(script, 1)
            assert found is not None
            assert version is not None
            assert found.engine == version.engine == engine
            assert (version.note, version.created_by) == (NO_NOTE, None)
        exact = [await is_exact(PostgresExecutions(pool), lives[name].failed) for name in labels]
        assert exact == [name == "quickjs-ng" for name in labels]
        await queue.reclaim(50, lambda running, at: lose(running, at, 3))
        claimed = await queue.claim(50, lambda pending, at: start(pending, Claim(an_id(), "new"), at))
    assert {one.running.submission.script.id for one in claimed} == expected.keys()
    assert all(one.running.submission.script.engine == expected[one.running.submission.script.id] for one in claimed)


async def is_exact(executions: PostgresExecutions, failed: UUID) -> bool | None:
    report = await executions.report(failed, 0)
    assert report is not None
    assert isinstance(report.execution, Failed)
    return report.execution.error.position_is_exact


async def are_read(executions: PostgresExecutions, life: Life, result: Body | None) -> None:
    """Check that today's code reads the old rows."""
    states = {
        Pending: [life.pending, life.released],
        Running: [life.running],
        Succeeded: [life.succeeded],
        Failed: [life.failed, life.cancelled],
    }
    for state, ids in states.items():
        for execution in ids:
            report = await executions.report(execution, 100)
            assert report is not None
            assert type(report.execution) is state
            assert report.result == (result if execution == life.succeeded else None)


async def go_on(queue: PostgresQueue, lives: Sequence[Life]) -> None:
    """Take over, with today's code, the executions of an old worker, and then run all pending ones."""
    lost = await queue.reclaim(10, lambda running, at: lose(running, at, 3))
    assert {one.submission.id for one in lost} == {life.running for life in lives}
    claimed = await queue.claim(10, lambda pending, at: start(pending, Claim(an_id(), "new"), at))
    waited = {execution for life in lives for execution in (life.pending, life.released, life.running)}
    assert {one.running.submission.id for one in claimed} == waited


RECORD: Final = """
insert into audit (action, key_id, request_id, script_id, version, execution_id)
values ('read_result', null, 'a-request', %(script)s, 1, %(execution)s)
"""


@pytest.mark.parametrize("level", range(8, len(MIGRATIONS)))
async def test_an_audit_trail_of_an_earlier_release_is_read_and_added_to_by_old_code_and_new(
    empty_database: str, level: int
) -> None:
    migrate(empty_database, MIGRATIONS[:level])
    ids = {"script": an_id(), "execution": an_id()}
    with psycopg.connect(empty_database, autocommit=True) as conn:
        conn.execute(RECORD, ids)
        migrate(empty_database)
        conn.execute(RECORD, ids)
    old = AuditEvent(
        action=Action.READ_RESULT,
        actor=Actor(None, "a-request", None),
        script_id=ids["script"],
        version=1,
        execution_id=ids["execution"],
    )
    new = evolve(old, action=Action.READ_DETAILS, actor=Actor(an_id(), "a-request", an_id()))
    async with open_pool(empty_database, "tests", size=2) as pool:
        audit = PostgresAudit(pool)
        await audit.add([(NOON, new)])
        found = await audit.page(AuditFilter(), None, 10)
    assert [one.event for one in found] == [new, old, old]


SUMMED: Final = """
insert into activity_sums (script_id, hours, start, executions, failed, cancelled, durations, runs)
values (%(script)s, 1, '2026-11-20', %(ends)s, 0, %(cancelled)s, %(durations)s, %(runs)s)
"""


@pytest.mark.parametrize(
    ("durations", "runs", "kept"),
    [([-27, 8, 9], [2, 3, 1], ([8, 9], [3, 1])), ([-27], [2], ([], [])), ([8], [3], None)],
)
def test_executions_without_a_run_have_no_duration_in_sums_either(
    empty_database: str, durations: list[int], runs: list[int], kept: tuple[list[int], list[int]] | None
) -> None:
    migrate(empty_database, MIGRATIONS[:23])
    with psycopg.connect(empty_database, autocommit=True) as conn:
        script = live_as_level_1(conn, "summed").script
        counts = {"ends": sum(runs), "cancelled": sum(runs[:-1]), "durations": durations, "runs": runs}
        conn.execute(SUMMED, {"script": script} | counts)
        migrate(empty_database)
        assert conn.execute("select durations, runs from activity_sums").fetchall() == [kept or (durations, runs)]
        assert conn.execute("select duration_bin(null), duration_bin(0), duration_bin(2)").fetchone() == (None, -27, 8)
