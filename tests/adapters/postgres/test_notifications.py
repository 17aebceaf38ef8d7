"""Signals: prompt, few, and found again after their connection was cut."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.postgres import listener, notifications
from adapters.postgres.connections import Connection, answers_within, give_settings, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.notifications import EndingsListener, WorkListener, watched_in
from adapters.postgres.notifier import payloads
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.session import Pooling
from application.executions.completion_signals import WatchedCompletions
from application.maintenance.periodic import BackgroundTask, TaskMonitor
from application.ports.executions import NewExecution
from application.ports.operations import CheckFailed
from domain.execution import Claim
from domain.transitions import cancel, start
from tests.adapters.postgres.test_outages import cut_connections
from tests.support.postgres import in_background, listening
from tests.support.postgres_server import PASSWORD, TcpServer
from tests.support.proxy import a_proxy
from tests.support.values import NOON, a_body, a_pending, a_script, an_id
from tests.support.waiting import eventually_sees


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(notifications, "LOOK_SECONDS", 0.05)


def ignore(claim_id: UUID) -> None:
    """Ignore a cancellation, as a worker without claims."""


async def test_many_concurrent_submissions_are_few_notifications_and_the_last_arrives(url: str) -> None:
    heard = 0
    woken = asyncio.Event()
    script, version = a_script()

    def wake() -> None:
        nonlocal heard
        heard += 1
        woken.set()

    async with open_pool(url, "tests", size=2) as pool, in_background(WorkListener(url, wake, ignore).run()):
        await PostgresScripts(pool).add(script, version)
        executions = PostgresExecutions(pool)
        await listening(url, "bateia_pending")
        await asyncio.gather(*(executions.add(NewExecution(a_pending(version), a_body())) for _ in range(300)))
        await asyncio.wait_for(woken.wait(), 5)
        woken.clear()
        await executions.add(NewExecution(a_pending(version), a_body()))
        await asyncio.wait_for(woken.wait(), 5)
        assert heard < 20


async def test_workers_are_not_notified_of_an_execution_that_is_added_running(url: str) -> None:
    heard: asyncio.Queue[None] = asyncio.Queue()
    script, version = a_script()
    async with open_pool(url, "tests", size=1) as pool:
        executions = PostgresExecutions(pool)
        await PostgresScripts(pool).add(script, version)
        async with in_background(WorkListener(url, lambda: heard.put_nowait(None), ignore).run()):
            await listening(url, "bateia_pending")
            while not heard.empty():  # the worker is woken on connecting, and until then
                heard.get_nowait()
            pending = a_pending(version)
            await executions.add(NewExecution(start(pending, Claim(an_id(), "one"), NOON), a_body()))
            await executions.add(NewExecution(a_pending(version), a_body()))
            await asyncio.wait_for(heard.get(), 5)
            assert heard.empty()


async def test_a_listener_detects_a_dead_peer(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "PROBE_SECONDS", 0.1)
    woken, lost = asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(listener.log, "warning", lambda *_: lost.set())
    with a_proxy(url) as proxy:
        async with in_background(WorkListener(proxy.url, woken.set, ignore).run()):
            await listening(url, "bateia_pending")
            woken.clear()
            proxy.cut()
            await asyncio.wait_for(lost.wait(), 5)
            proxy.mend()
            await asyncio.wait_for(woken.wait(), 5)


async def test_a_cut_listener_reconnects_and_polls_for_missed_news(url: str) -> None:
    woken = asyncio.Event()
    async with in_background(WorkListener(url, woken.set, ignore).run()):
        await listening(url, "bateia_pending")
        woken.clear()
        cut_connections(url)
        await asyncio.wait_for(woken.wait(), 5)


async def test_a_worker_is_notified_of_a_cancelled_claim_and_not_of_a_pending_execution(url: str) -> None:
    told: asyncio.Queue[UUID] = asyncio.Queue()
    script, version = a_script()
    async with open_pool(url, "tests", size=1) as pool:
        executions, queue = PostgresExecutions(pool), PostgresQueue(pool, "one", timedelta(minutes=1))
        await PostgresScripts(pool).add(script, version)
        _, waiting = pending = [a_pending(version) for _ in range(2)]
        for one in pending:
            await executions.add(NewExecution(one, a_body()))
        async with in_background(WorkListener(url, lambda: None, told.put_nowait).run()):
            await listening(url, "bateia_cancelled")
            (claimed,) = await queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "one"), at))
            for read in (waiting, claimed.running):
                (await executions.cancel(read, cancel(read, NOON))).unwrap()
            assert await asyncio.wait_for(told.get(), 5) == claimed.running.claim.id
            assert told.empty()


async def test_a_completion_without_a_notification_is_found_by_polling(url: str) -> None:
    ended, endings = an_id(), WatchedCompletions()
    add_ended(url, ended)
    async with (
        open_pool(url, "tests", size=1) as pool,
        in_background(EndingsListener(url, endings).run(pool)),
    ):
        with endings.watch(ended) as found, endings.watch(an_id()) as other:
            await asyncio.wait_for(found.wait(), 5)
            assert not other.is_set()


def add_ended(url: str, execution_id: UUID) -> None:
    script = an_id()
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("insert into scripts values (%s, 'a', '', now())", (script,))
        conn.execute("insert into script_versions values (%s, 1, 'x', sha256('x'), 1, 1, 1, 1, now())", (script,))
        conn.execute(
            "insert into executions (id, script_id, version, state, attempt, submitted_at, finished_at, input_bytes,"
            " input_sha256, error_kind, error_message)"
            " values (%s, %s, 1, 'failed', 0, now(), now(), 1, sha256('x'), 'cancelled', '')",
            (execution_id, script),
        )


async def test_without_a_listening_connection_news_is_polled_and_one_warning_is_logged(
    url: str, tcp_server: TcpServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The role has no connection left; as soon as it has one, the listener listens."""
    monkeypatch.setattr(notifications, "DEAF_LOOK_SECONDS", 0.01)
    tcp_server.execute(f"create role crowded login password '{PASSWORD}' connection limit 0")
    wakes = asyncio.Semaphore(0)
    listening_for = WorkListener(tcp_server.url(role="crowded"), wakes.release, ignore)

    async def listens() -> bool:
        return not listening_for.trouble

    try:
        async with in_background(listening_for.run()):
            for _ in range(50):
                await asyncio.wait_for(wakes.acquire(), 5)
            assert "CONNECTION LIMIT" in listening_for.trouble
            assert caplog.text.count("CONNECTION LIMIT") == 1
            tcp_server.execute("alter role crowded connection limit 1")
            await eventually_sees(listens)
    finally:
        tcp_server.execute("drop role crowded")


async def test_over_a_pooler_that_shares_connections_completions_are_found_by_polling(
    lent_pooled_database: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    url = lent_pooled_database()
    ended, endings = an_id(), WatchedCompletions()
    listening_for = EndingsListener(url, endings)
    add_ended(url, ended)
    async with open_pool(url, "tests", size=1) as pool, in_background(listening_for.run(pool)):
        with endings.watch(ended) as found:
            await asyncio.wait_for(found.wait(), 5)
        assert "DATABASE_DIRECT_URL" in listening_for.trouble
        said = await PostgresReadiness(pool, timedelta(minutes=1), deaf=lambda: listening_for.trouble)()
    assert (said.notifications, said.trouble) == (CheckFailed(listening_for.trouble), None)
    assert caplog.text.count("DATABASE_DIRECT_URL") == 1


async def test_a_notification_that_cannot_be_read_is_counted_and_the_next_is_heard_on_the_same_connection(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "LOOK_SECONDS", 3600)
    failed, endings, ended = list[BackgroundTask](), WatchedCompletions(), an_id()
    hearing = EndingsListener(url, endings, monitor=TaskMonitor(failed.append))
    async with open_pool(url, "tests", size=2) as pool, in_background(hearing.run(pool)):
        await listening(url, "bateia_ended")
        with endings.watch(ended) as has_ended:
            await notify(url, "no id")
            await notify(url, str(ended))
            await asyncio.wait_for(has_ended.wait(), 5)
    assert failed == [BackgroundTask.LISTEN]
    assert "listen failed" in caplog.text


@given(
    st.lists(st.uuids(), min_size=1, max_size=20, unique=True),
    st.lists(st.uuids(), max_size=20, unique=True),
    st.data(),
)
def test_of_a_notification_exactly_the_watched_ids_are_announced(
    ended: list[UUID], others: list[UUID], data: st.DataObject
) -> None:
    watched = {*data.draw(st.lists(st.sampled_from(ended), unique=True)), *others}
    (payload,) = payloads(ended)
    assert set(watched_in(payload, watched)) & watched == set(ended) & watched


async def test_a_listener_that_a_bug_ends_says_that_it_does_not_listen_and_begins_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles, failed = list[str](), list[BackgroundTask]()

    async def note_trouble(conn: Connection, pooling: Pooling) -> None:
        troubles.append(hearing.trouble)
        await give_settings(conn, pooling)

    def break_once(conn: Connection, seconds: float) -> AbstractAsyncContextManager[None]:
        if not failed:
            raise ZeroDivisionError("a bug")
        return answers_within(conn, seconds)

    async def listens_again() -> bool:
        return len(troubles) == 2 and not hearing.trouble

    monkeypatch.setattr(listener, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(listener, "give_settings", note_trouble)
    monkeypatch.setattr(listener, "answers_within", break_once)
    hearing = WorkListener(url, lambda: None, ignore, monitor=TaskMonitor(failed.append))
    async with in_background(hearing.run()):
        await eventually_sees(listens_again)
    assert failed == [BackgroundTask.LISTEN]
    assert "ZeroDivisionError" in troubles[1]


async def notify(url: str, payload: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute("select pg_notify('bateia_ended', %s)", (payload,))
