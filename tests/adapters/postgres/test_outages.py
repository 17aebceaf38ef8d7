"""A database that goes away: said as `Unavailable`, without its address, and used again when it is back."""

import asyncio
import itertools
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, LiteralString

import psycopg
import pytest
from returns.result import Success

from adapters.postgres import connections
from adapters.postgres import pool as pool_module
from adapters.postgres.audit import PostgresAudit
from adapters.postgres.connections import ConnectionLost, Pool, RowRefused, connection, open_pool, repeated_if_lost
from adapters.postgres.idempotency import PostgresIdempotencyKeys
from adapters.postgres.queries import QUERIES
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.scripts import PostgresScripts
from application.maintenance.flush_audit_reads import AuditBufferFull, AuditReadBuffer
from application.ports.access import AuditFilter
from application.ports.errors import Unavailable
from application.ports.executions import NewExecution
from application.ports.operations import UNKNOWN, CheckFailed, Readiness
from domain.audit import ANONYMOUS, Action, execution_event
from domain.idempotency import IdempotencyKey, KeyRecord, RequestFingerprint
from tests.support.processes import free_port
from tests.support.proxy import Proxy, a_proxy
from tests.support.values import NOON, a_body, a_pending, a_script
from tests.support.waiting import eventually_sees

LEASE = timedelta(seconds=15)


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    async with open_pool(url, "tests", size=1) as opened:
        yield opened


def cut_connections(url: str) -> None:
    cut = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database()"
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(cut + " and pid <> pg_backend_pid() and backend_type = 'client backend'")


async def test_connections_that_ended_while_idle_cost_no_error(url: str) -> None:
    scripts_of, (script, version) = PostgresScripts, a_script()
    async with open_pool(url, "tests", size=4) as pool:
        async with connection(pool), connection(pool), connection(pool), connection(pool):
            pass  # now there are four
        for _ in range(3):
            cut_connections(url)
            await insert(pool, "select 1")  # a write would be refused or stored once, and not tried again
        cut_connections(url)
        await scripts_of(pool).add(script, version)
        cut_connections(url)
        assert await scripts_of(pool).find(script.id) == script


async def test_a_read_whose_connection_is_lost_is_done_again_once(pool: Pool, url: str) -> None:
    scripts, (script, version) = PostgresScripts(pool), a_script()
    await scripts.add(script, version)
    cuts = iter([True, False, True, True])

    async def read() -> object:
        async with connection(pool) as conn:
            if next(cuts):
                cut_connections(url)
            return (await (await conn.execute("select 1 as one")).fetchone() or {})["one"]

    assert await repeated_if_lost(read)() == 1
    with pytest.raises(ConnectionLost) as outage:
        await repeated_if_lost(read)()
    assert "127.0.0.1" not in str(outage.value)


async def test_a_statement_that_times_out_is_not_repeated(pool: Pool) -> None:
    asked = 0

    async def read() -> None:
        nonlocal asked
        asked += 1
        async with connection(pool, answer_seconds=0.1) as conn:
            await conn.execute("select pg_sleep(10)")

    with pytest.raises(Unavailable):
        await repeated_if_lost(read)()
    assert asked == 1


async def test_a_connection_that_a_network_has_dropped_is_tested_before_it_is_lent(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "_TRUSTED_SECONDS", 0)
    monkeypatch.setattr(pool_module, "_TRY_SECONDS", 0.1)
    with a_proxy(url) as proxy:
        async with open_pool(proxy.url, "tests", size=1) as pool:
            await insert(pool, "create table known (word text)")
            proxy.cut()
            asyncio.get_running_loop().call_later(0.3, proxy.mend)
            await insert(pool, "insert into known values ('once')")
            async with connection(pool) as conn:
                rows = await (await conn.execute("select word from known")).fetchall()
    assert [row["word"] for row in rows] == ["once"]


async def test_under_a_key_an_execution_is_added_once_however_its_connection_ends(pool: Pool, url: str) -> None:
    script, version = a_script()
    await PostgresScripts(pool).add(script, version)
    keys = PostgresIdempotencyKeys(pool, timedelta(days=1))
    commits: list[bytes] = []
    request = RequestFingerprint(IdempotencyKey("a-key"), bytes(32).hex())
    execute = connections.Connection.execute

    async def cut_after_commit(conn: Any, query: Any, *arguments: Any, **named: Any) -> Any:
        done = await execute(conn, query, *arguments, **named)
        if query == QUERIES["add_executions"]:
            commits.append(query)
            if len(commits) == 1:
                cut_connections(url)
                await execute(conn, "select 1")
        return done

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connections.Connection, "execute", cut_after_commit)
        pending = a_pending(version)
        assert await keys.add(NewExecution(pending, a_body()), request) == Success(None)
    assert len(commits) == 2
    assert await keys.find(request.key) == KeyRecord(request, pending.submission.id)
    async with connection(pool) as conn:
        row = await (await conn.execute("select count(*) as n from executions")).fetchone()
    assert row == {"n": 1}


async def ask_nobody(pool: Pool, proxy: Proxy) -> None:
    async with connection(pool, answer_seconds=0.2) as conn:
        proxy.cut()
        await conn.execute("select 1")


async def ask_nobody_in_a_pipeline(pool: Pool, proxy: Proxy) -> None:
    async with connection(pool, answer_seconds=0.2) as conn, conn.pipeline(), conn.transaction():
        proxy.cut()
        await conn.execute("select 1")


@pytest.mark.parametrize("ask", [ask_nobody, ask_nobody_in_a_pipeline])
async def test_a_silent_server_is_disconnected(url: str, ask: Callable[[Pool, Proxy], Awaitable[None]]) -> None:
    with a_proxy(url) as proxy:
        async with open_pool(proxy.url, "tests", size=1) as pool:
            with pytest.raises(Unavailable):
                await asyncio.wait_for(ask(pool, proxy), 10)
            proxy.mend()
            await insert(pool, "create table known (word text)")


async def test_after_a_long_outage_it_takes_no_longer_until_the_next_try(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def tired() -> bool:
        return "reconnection attempt in pool 'tests' failed" in caplog.text

    port = free_port()
    place = f"@127.0.0.1:{port}/"
    async with open_pool("".join((url.rpartition("@")[0], place, url.rpartition("/")[2])), "tests", size=1) as pool:
        await eventually_sees(tired)
        with a_proxy(url, port=port):
            async with connection(pool, patience_seconds=2) as conn:
                await conn.execute("select 1")


async def test_a_database_that_cannot_write_is_not_ready_until_it_can(pool: Pool, url: str) -> None:
    ready, words = PostgresReadiness(pool, LEASE), "create table words (word text)"
    await insert(pool, "set default_transaction_read_only = on")
    assert not (await ready()).trouble  # nobody has tried to write
    with pytest.raises(Unavailable, match="ReadOnlySqlTransaction"):
        await insert(pool, words)
    full = await ready()
    assert "ReadOnlySqlTransaction" in (full.trouble or "")
    assert full == Readiness(writing=CheckFailed(full.trouble or ""), workers=0)
    await insert(pool, "set default_transaction_read_only = off")
    assert not (await ready()).trouble
    await insert(pool, words)


async def test_reads_that_a_read_only_database_cannot_record_are_bounded_and_recorded_later(
    pool: Pool,
) -> None:
    scripts, (script, version) = PostgresScripts(pool), a_script()
    await scripts.add(script, version)
    audit, times = PostgresAudit(pool), itertools.count()
    buffer = AuditReadBuffer(audit, lambda: NOON + timedelta(seconds=next(times)), capacity=3)
    event = execution_event(Action.READ_RESULT, a_pending(version).submission, ANONYMOUS)
    await insert(pool, "set default_transaction_read_only = on")
    for _ in range(3):
        buffer.record(event)
        with pytest.raises(Unavailable, match="ReadOnlySqlTransaction"):
            await buffer.flush()
    with pytest.raises(AuditBufferFull):
        buffer.record(event)
    assert await scripts.find(script.id) == script
    assert buffer.waiting == 3
    await insert(pool, "set default_transaction_read_only = off")
    await buffer.flush()
    buffer.record(event)
    assert buffer.waiting == 1
    recorded = await audit.page(AuditFilter(action=Action.READ_RESULT), None, 10)
    assert [one.at for one in reversed(recorded)] == [NOON + timedelta(seconds=n) for n in range(3)]


async def test_a_permanent_error_is_no_outage(pool: Pool) -> None:
    too_long = "insert into narrow select string_agg(md5(n::text), '') from generate_series(1, 300) n"
    async with connection(pool) as conn:
        await conn.execute("create table narrow (words text unique)")
    with pytest.raises(psycopg.errors.ProgramLimitExceeded):
        await insert(pool, too_long)


async def test_a_refused_row_is_reported_without_its_content(pool: Pool) -> None:
    async with connection(pool) as conn:
        await conn.execute("create table words (word text constraint short check (length(word) < 3), digits smallint)")
    for statement, kind in [
        ("insert into words values ('canary', 1)", "CheckViolation at words, short"),
        ("insert into words values ('c', 'canary')", "InvalidTextRepresentation"),
    ]:
        with pytest.raises(RowRefused, match=kind) as refused:
            await insert(pool, statement)
        assert "canary" not in "".join(traceback.format_exception(refused.value))


async def insert(pool: Pool, statement: LiteralString) -> None:
    async with connection(pool) as conn:
        await conn.execute(statement)


async def test_readiness_reports_the_failed_check(pool: Pool, url: str) -> None:
    ready = PostgresReadiness(pool, LEASE)
    assert await ready() == Readiness(workers=0)
    with a_proxy(url) as proxy:
        async with open_pool(proxy.url, "tests", size=1) as distant:
            assert await PostgresReadiness(distant, LEASE)() == Readiness(workers=0)
            proxy.cut()
            cut = await PostgresReadiness(distant, LEASE)()
    assert "database" in (cut.trouble or "")
    assert cut == Readiness(
        database=CheckFailed(cut.trouble or ""), schema=UNKNOWN, writing=UNKNOWN, sealing=UNKNOWN, workers=None
    )
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("delete from schema_migrations")
    unmigrated = await ready()
    assert "run the migrations" in (unmigrated.trouble or "")
    assert unmigrated == Readiness(schema=CheckFailed(unmigrated.trouble or ""), sealing=UNKNOWN, workers=None)


async def test_readiness_counts_the_workers_seen_lately(pool: Pool, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("insert into workers values ('a', now()), ('b', now() - interval '1 hour')")
    assert await PostgresReadiness(pool, LEASE)() == Readiness(workers=1)
