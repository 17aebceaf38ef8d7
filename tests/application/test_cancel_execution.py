"""Cancelling: the execution ends once, whichever other changes are concurrent."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

import pytest
from returns.result import Failure, Result

from adapters.memory.executions import MemoryExecutions
from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.executions.cancel import CancellationRefused, cancel_execution
from application.executions.read import UnknownExecution
from application.ports.errors import Conflict
from application.ports.executions import ExecutionDetails, Executions, NewExecution
from application.ports.queue import Claimed, Completion, Release
from domain.audit import ANONYMOUS, Actor
from domain.execution import AlreadyFinished, Claim, Failed, Pending, Unfinished
from domain.outcome import ErrorKind, Logs
from domain.transitions import finish, release, start
from tests.support.values import a_body, a_failure, a_pending, a_run, a_script, an_id

Meanwhile: TypeAlias = Callable[[MemoryStore], Awaitable[object]]


@pytest.fixture
async def pending(store: MemoryStore) -> Pending:
    script, version = a_script()
    await store.scripts.add(script, version)
    one = a_pending(version)
    await store.executions.add(NewExecution(one, a_body()))
    return one


async def claim(store: MemoryStore) -> Claimed:
    (claimed,) = await store.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "one"), at))
    return claimed


async def end(store: MemoryStore) -> Failed:
    running, run = (await claim(store)).running, a_run(a_failure())
    ended = finish(running, run, timedelta(seconds=1))
    assert isinstance(ended, Failed)
    await store.queue.finish([Completion(running.claim.id, ended, run.logs, None)])
    return ended


async def cancel(executions: Executions, pending: Pending) -> Result[ExecutionDetails, CancellationRefused]:
    return await cancel_execution(executions, utc_now, pending.submission.id)


async def cancelled(executions: Executions, pending: Pending) -> Failed:
    """Cancel, which must succeed, and return the execution, which must be stored as it was returned."""
    report = (await cancel(executions, pending)).unwrap()
    assert (
        report
        == ExecutionDetails(report.execution, Logs(), None)
        == await executions.report(pending.submission.id, 100)
    )
    assert isinstance(report.execution, Failed)
    assert report.execution.error.kind is ErrorKind.CANCELLED
    return report.execution


async def test_a_cancelled_pending_execution_has_failed_without_a_start(store: MemoryStore, pending: Pending) -> None:
    failed = await cancelled(store.executions, pending)
    assert (failed.started_at, failed.attempt, failed.provenance) == (None, 0, None)


async def test_a_cancelled_running_execution_has_failed_in_its_attempt(store: MemoryStore, pending: Pending) -> None:
    running = (await claim(store)).running
    failed = await cancelled(store.executions, pending)
    assert (failed.started_at, failed.attempt, failed.provenance) == (running.started_at, 1, None)
    assert await store.queue.renew([running]) == {running.claim.id}


async def test_a_finished_execution_keeps_its_outcome(store: MemoryStore, pending: Pending) -> None:
    ended = await end(store)
    assert await cancel(store.executions, pending) == Failure(AlreadyFinished(ended))


async def test_a_cancelled_execution_cannot_be_cancelled_again(store: MemoryStore, pending: Pending) -> None:
    failed = await cancelled(store.executions, pending)
    assert await cancel(store.executions, pending) == Failure(AlreadyFinished(failed))


async def test_an_unknown_execution_cannot_be_cancelled(store: MemoryStore) -> None:
    unknown = a_pending(a_script()[1])
    assert await cancel(store.executions, unknown) == Failure(UnknownExecution(unknown.submission.id))


class Overtaken(MemoryExecutions):
    """Something else happens to the execution between the first look and the write."""

    def __init__(self, store: MemoryStore, meanwhile: Meanwhile) -> None:
        self._store, self._meanwhile, self.refused = store, meanwhile, list[Unfinished]()

    async def report(self, execution_id: UUID, result_up_to: int) -> ExecutionDetails | None:
        return await self._store.executions.report(execution_id, result_up_to)

    async def cancel(self, read: Unfinished, failed: Failed, by: Actor = ANONYMOUS) -> Result[Logs, Conflict]:
        if not self.refused:
            await self._meanwhile(self._store)
        kept = await self._store.executions.cancel(read, failed)
        if kept == Failure(Conflict()):
            self.refused.append(read)
        return kept


async def test_an_execution_claimed_meanwhile_is_cancelled_as_running(store: MemoryStore, pending: Pending) -> None:
    executions = Overtaken(store, claim)
    failed = await cancelled(executions, pending)
    assert (failed.attempt, failed.started_at is None) == (1, False)
    assert executions.refused == [pending]


async def test_an_execution_released_meanwhile_is_cancelled_as_pending(store: MemoryStore, pending: Pending) -> None:
    running = (await claim(store)).running

    async def give_back(store: MemoryStore) -> None:
        await store.queue.release([Release(running.claim.id, release(running))])

    executions = Overtaken(store, give_back)
    assert (await cancelled(executions, pending)).started_at is None
    assert executions.refused == [running]


async def test_an_execution_that_ends_meanwhile_keeps_its_outcome(store: MemoryStore, pending: Pending) -> None:
    executions = Overtaken(store, end)
    refused = (await cancel(executions, pending)).failure()
    assert isinstance(refused, AlreadyFinished)
    assert isinstance(refused.actual, Failed)
    assert refused.actual.error.kind is ErrorKind.SCRIPT_ERROR
