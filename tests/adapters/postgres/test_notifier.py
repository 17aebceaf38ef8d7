"""Notifications after the commit: coalesced, outside every durable transaction, and covered by polling if lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias, cast
from uuid import UUID

import psycopg
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Result, Success

from adapters.postgres import notifications, notifier
from adapters.postgres.connections import Pool, connection, open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.notifications import EndingsListener, WorkListener
from adapters.postgres.notifier import ENDED, EVENTS, JOBS, PENDING, Notifier, notifier_of, payloads
from adapters.postgres.queries import QUERIES, query
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.scripts import PostgresScripts
from adapters.system import uuid7
from application.executions.completion_signals import WatchedCompletions
from application.executions.read import read_execution
from application.maintenance.periodic import BackgroundTask, TaskMonitor
from application.ports.errors import Unavailable
from application.ports.executions import NewExecution
from application.ports.queue import Claimed
from application.ports.sandbox import RunFailure
from application.worker.config import WorkerConfig, WorkerPorts
from application.worker.worker import Worker
from domain.execution import State, state_of
from domain.outcome import Run
from tests.support.postgres import in_background, listening
from tests.support.values import a_body, a_pending, a_run, a_script, an_id

WORKER = WorkerConfig(
    worker="one", slots=1, max_attempts=3, renew_seconds=60, reclaim_seconds=60, grace_seconds=5, poll_seconds=0.05
)


class Wire:
    """A connection whose statements end when they are let, and the messages of each that has begun."""

    def __init__(self) -> None:
        self.sent: list[list[tuple[str, str]]] = []
        self.under_way: list[asyncio.Future[None]] = []

    @asynccontextmanager
    async def connection(self, pool: Pool) -> AsyncIterator["Wire"]:
        yield self

    async def execute(self, statement: bytes, columns: Mapping[str, Sequence[str]]) -> None:
        assert statement == query("notify")
        self.sent.append(list(zip(columns["channels"], columns["payloads"], strict=True)))
        end = asyncio.get_running_loop().create_future()
        self.under_way.append(end)
        assert len(self.under_way) == 1, "two statements at a time"
        try:
            await end
        finally:
            self.under_way.remove(end)

    def end(self, failure: Exception | None) -> None:
        for one in self.under_way:
            one.set_result(None) if failure is None else one.set_exception(failure)


@frozen
class End:
    """The end of the statement that is under way."""

    failure: Exception | None = None


Step: TypeAlias = Literal["pending", "events", "jobs"] | list[UUID] | End


class Story:
    """Changes reported to a notifier, and the statements that it sends meanwhile."""

    def __init__(self, wire: Wire) -> None:
        self.wire, self.failed = wire, list[BackgroundTask]()
        self.expected: list[tuple[int, set[str]]] = []
        self.failures = self.ends = 0
        self.notifier = Notifier(cast("Pool", None))
        self.notifier.monitor = TaskMonitor(self.failed.append)

    async def step(self, step: Step) -> None:
        match step:
            case End(failure=failure):
                self.failures += bool(self.wire.under_way) and failure is not None
                self.ends += 1
                self.wire.end(failure)
            case "pending":
                self.expected.append((len(self.wire.sent), {PENDING}))
                self.notifier.notify_pending()
            case "events":
                self.expected.append((len(self.wire.sent), {EVENTS}))
                self.notifier.notify_events()
            case "jobs":
                self.expected.append((len(self.wire.sent), {JOBS}))
                self.notifier.notify_jobs()
            case _:
                self.expected.append((len(self.wire.sent), {str(one) for one in step}))
                self.notifier.notify_ended(step)
        for _ in range(3):
            await asyncio.sleep(0)

    async def end(self) -> None:
        while self.wire.under_way:
            await self.step(End())
        await self.notifier.drain()


IDS: Final = [UUID(int=number) for number in range(450)]
WAKING_STEPS: Final[st.SearchStrategy[Step]] = st.sampled_from(["pending", "events", "jobs"])
STEPS: Final = st.lists(
    WAKING_STEPS
    | st.lists(st.sampled_from(IDS), max_size=3)
    | st.sampled_from([IDS, IDS[:201]])
    | st.sampled_from([End(), End(Unavailable("down")), End(ValueError("a bug"))]),
    max_size=20,
)


@given(STEPS)
def test_every_change_is_in_a_statement_that_begins_later_and_no_two_run_at_a_time(steps: list[Step]) -> None:
    async def follow() -> Story:
        story = Story(wire)
        for step in steps:
            await story.step(step)
        await story.end()
        return story

    wire = Wire()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notifier, "connection", wire.connection)
        story = asyncio.run(follow())
    for begun, wanted in story.expected:
        assert wanted <= {word for sent in wire.sent[begun:] for word in words(sent)}
    assert len(wire.sent) <= min(story.ends, sum(bool(wanted) for _, wanted in story.expected))
    assert all(len(text) < 8000 and words(sent) for sent in wire.sent for _, text in sent)
    assert len(story.failed) == story.failures


def words(sent: Sequence[tuple[str, str]]) -> set[str]:
    return {word for channel, text in sent for word in (text.split(",") if channel == ENDED else [channel])}


def test_no_statement_that_commits_durably_notifies_but_cancellations() -> None:
    assert {name for name, sql in QUERIES.items() if b"notify(" in sql} == {"notify", "cancel", "cancel_batch"}


async def test_the_notifications_wait_for_no_flush_and_leave_the_session_as_it_was(
    lent_database: Callable[[], str],
) -> None:
    async with open_pool(lent_database(), "tests", size=1) as pool, connection(pool) as conn:
        async with conn.transaction():
            await conn.execute(query("notify"), {"channels": [PENDING], "payloads": [""]})
            assert await setting(conn) == "off"
        assert await setting(conn) == "on"


async def setting(conn: psycopg.AsyncConnection[Any]) -> object:
    row = await (await conn.execute("show synchronous_commit")).fetchone()
    assert row is not None
    return row["synchronous_commit"]


async def test_hundreds_of_ends_at_once_reach_their_readers(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "LOOK_SECONDS", 3600)
    url, endings = lent_database(), WatchedCompletions()
    ended = [an_id() for _ in range(450)]
    async with open_pool(url, "tests", size=2) as pool, in_background(EndingsListener(url, endings).run(pool)):
        await listening(url, ENDED)
        with endings.watch(ended[0]) as first, endings.watch(ended[-1]) as last:
            notifier_of(pool).notify_ended(ended)
            await asyncio.wait_for(asyncio.gather(first.wait(), last.wait()), 5)


async def test_the_last_changes_are_sent_before_the_pool_closes(lent_database: Callable[[], str]) -> None:
    url, heard = lent_database(), asyncio.Event()
    async with in_background(WorkListener(url, heard.set, lambda claim_id: None).run()):
        await listening(url, PENDING)
        heard.clear()
        async with open_pool(url, "tests", size=1) as pool:
            notifier_of(pool).notify_pending()
            await notifier_of(pool).drain()
        await asyncio.wait_for(heard.wait(), 5)


def test_all_stores_on_a_pool_share_its_notifier() -> None:
    pool = open_pool("", "tests", size=1)
    assert notifier_of(pool) is notifier_of(pool)
    assert payloads([]) == []


async def never_sent(notifying: Notifier, messages: Sequence[tuple[str, str]]) -> None:
    """Lose the notification, as a process does that is killed between commit and notification."""


async def test_without_any_notification_work_is_found_and_its_reader_is_answered_by_polling(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Notifier, "_send", never_sent)
    monkeypatch.setattr(notifications, "LOOK_SECONDS", 0.05)
    url, endings = lent_database(), WatchedCompletions()
    async with (
        open_pool(url, "tests", size=3) as pool,
        in_background(EndingsListener(url, endings).run(pool)),
        working(pool, url) as worker,
    ):
        executions, pending = PostgresExecutions(pool), await a_submission(pool)
        found = await read_execution(executions, endings, execution_id=pending, result_up_to=100, wait_seconds=10)
        assert state_of(found.unwrap().execution) is State.SUCCEEDED
        assert worker.stale == 0


async def a_submission(pool: Pool) -> UUID:
    script, version = a_script()
    await PostgresScripts(pool).add(script, version)
    pending = a_pending(version)
    await PostgresExecutions(pool).add(NewExecution(pending, a_body()))
    return pending.submission.id


async def succeed(claimed: Claimed) -> Result[Run, RunFailure]:
    return Success(a_run())


@asynccontextmanager
async def working(pool: Pool, url: str) -> AsyncIterator[Worker]:
    queue = PostgresQueue(pool, "one", timedelta(minutes=1))
    ports = WorkerPorts(queue=queue, run_script=succeed, new_id=uuid7, monotonic=asyncio.get_running_loop().time)
    worker = Worker(ports, WORKER)
    run = asyncio.create_task(worker.run())
    async with in_background(WorkListener(url, worker.wake.set, worker.abort).run(worker.check_claims)):
        yield worker
        worker.stop()
        await run


async def test_a_worker_that_cannot_listen_checks_its_claims_at_each_poll(
    lent_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "DEAF_LOOK_SECONDS", 0.01)
    checks = asyncio.Semaphore(0)
    deaf = WorkListener(f"{lent_database()}_missing", lambda: None, lambda claim_id: None)
    async with in_background(deaf.run(checks.release)):
        for _ in range(3):
            await asyncio.wait_for(checks.acquire(), 5)


async def test_a_worker_that_listens_again_checks_its_claims_at_once(lent_database: Callable[[], str]) -> None:
    checks = asyncio.Semaphore(0)
    async with in_background(WorkListener(lent_database(), lambda: None, lambda claim_id: None).run(checks.release)):
        await asyncio.wait_for(checks.acquire(), 5)
