"""Removing content: once it has ended, for good, and with the first time that was given."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from returns.result import Failure, Success

from adapters.memory.store import MemoryStore
from application.executions.read import ContentRemoved, UnknownExecution, read_dataset, read_result
from application.executions.remove_content import remove_content
from application.ports.executions import NewExecution
from application.ports.queue import Completion
from domain.execution import Claim, Finished, NotFinished, Pending, Running
from domain.outcome import Logs, Produced, Rejected
from domain.transitions import finish, start
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run, a_script, an_id


@pytest.fixture
async def pending(store: MemoryStore) -> Pending:
    script, version = a_script()
    await store.scripts.add(script, version)
    one = a_pending(version)
    await store.executions.add(NewExecution(one, a_body()))
    return one


async def claim(store: MemoryStore) -> Running:
    (claimed,) = await store.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "one"), at))
    return claimed.running


async def end(store: MemoryStore, outcome: Produced | Rejected) -> Finished:
    running, run = await claim(store), a_run(outcome)
    ended = finish(running, run, timedelta(seconds=1))
    result = outcome.result if isinstance(outcome, Produced) else None
    await store.queue.finish([Completion(running.claim.id, ended, run.logs, result)])
    return ended


def at(time: datetime) -> Callable[[], datetime]:
    return lambda: time


@pytest.mark.parametrize("outcome", [Produced(a_body(b"[2]")), a_failure("a secret")])
async def test_a_finished_execution_loses_its_content_and_stays(
    store: MemoryStore, pending: Pending, outcome: Produced | Rejected
) -> None:
    ended, key = await end(store, outcome), pending.submission.id
    late = ended.finished_at + timedelta(days=1)
    assert await remove_content(store.executions, at(late), key) == Success(None)
    left = await store.executions.report(key, 100)
    assert left is not None
    assert isinstance(left.execution, type(ended))
    assert (left.execution.content_removed_at, left.logs, left.result) == (late, Logs(), None)
    assert await read_dataset(store.executions, key) == Failure(ContentRemoved(key))
    if isinstance(outcome, Produced):
        assert await read_result(store.executions, key) == Failure(ContentRemoved(key))


async def test_removal_is_idempotent_and_keeps_its_time(store: MemoryStore, pending: Pending) -> None:
    ended, key = await end(store, a_failure()), pending.submission.id
    await remove_content(store.executions, at(ended.finished_at + timedelta(days=1)), key)
    left = await store.executions.report(key, 100)
    assert await remove_content(store.executions, at(ended.finished_at + timedelta(days=2)), key) == Success(None)
    assert await store.executions.report(key, 100) == left


async def test_an_unfinished_execution_keeps_its_content(store: MemoryStore, pending: Pending) -> None:
    key = pending.submission.id
    assert await remove_content(store.executions, at(NOON), key) == Failure(NotFinished(pending))
    running = await claim(store)
    assert await remove_content(store.executions, at(NOON), key) == Failure(NotFinished(running))
    assert await whole(await store.executions.dataset(key)) == a_body()


async def test_an_unknown_execution_has_no_content(store: MemoryStore) -> None:
    unknown = an_id()
    assert await remove_content(store.executions, at(NOON), unknown) == Failure(UnknownExecution(unknown))
