"""Runs whose user cancelled them: ended at once and quietly, whenever the word comes, and their slots are free."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

import pytest
from attrs import define, evolve, field
from returns.result import Result, Success

from adapters.memory.queue import MemoryQueue
from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.executions.cancel import cancel_execution
from application.ports.queue import Claimed, Completion, Release
from application.ports.sandbox import RunFailure
from application.worker.worker import Worker
from domain.execution import Failed, Pending, Running, State
from domain.outcome import ErrorKind, Run
from tests.application.test_worker import QUICK, never_end, now, submitted, succeed, until, working
from tests.support.queues import WithoutReplays
from tests.support.values import a_run, an_id
from tests.support.waiting import eventually_sees

DEAF = evolve(QUICK, slots=1, renew_seconds=60)
"""A worker that no renewal notifies of a lost claim, and whose next poll is far off."""


@define
class Watched(WithoutReplays):
    """The queue in memory, with a record of a worker's calls, and a hook at each claim and finish."""

    queue: MemoryQueue
    at_claim: Callable[[Claimed], None] = lambda _: None
    may_finish: asyncio.Event = field(factory=asyncio.Event)
    finishing: asyncio.Event = field(factory=asyncio.Event)
    given_back: list[Release] = field(factory=list)
    held: list[frozenset[UUID]] = field(factory=list)

    async def claim(
        self, count: int, start: Callable[[Pending, datetime], Running], excluded_engines: Collection[str] = ()
    ) -> Sequence[Claimed]:
        claimed = await self.queue.claim(count, start, excluded_engines)
        for one in claimed:
            self.at_claim(one)
        return claimed

    async def finish(self, endings: Sequence[Completion]) -> frozenset[UUID]:
        if endings:
            self.finishing.set()
            await self.may_finish.wait()
        return await self.queue.finish(endings)

    async def release(self, returns: Sequence[Release]) -> frozenset[UUID]:
        self.given_back += returns
        return await self.queue.release(returns)

    async def renew(self, held: Collection[Running]) -> frozenset[UUID]:
        self.held.append(frozenset(one.claim.id for one in held))
        return await self.queue.renew(held)

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        return await self.queue.reclaim(count, lose)


async def cancel(store: MemoryStore, execution_id: UUID) -> None:
    (await cancel_execution(store.executions, utc_now, execution_id)).unwrap()


async def claim_of(store: MemoryStore, execution_id: UUID) -> UUID:
    """Return the id of the claim that holds an execution, as soon as there is one."""
    (running,) = await until(store, [execution_id], State.RUNNING)
    assert isinstance(running, Running)
    return running.claim.id


async def cancelled(store: MemoryStore, execution_id: UUID) -> bool:
    execution = await now(store, execution_id)
    return isinstance(execution, Failed) and execution.error.kind is ErrorKind.CANCELLED


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


class Sandbox:
    """A port `RunScript`: the first run never ends by itself, the others succeed."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended_early = asyncio.Event()

    async def __call__(self, claimed: Claimed) -> Result[Run, RunFailure]:
        self.begun += 1
        if self.begun > 1:
            return Success(a_run())
        try:
            return await never_end(claimed)
        finally:
            self.ended_early.set()


async def test_an_aborted_run_ends_at_once_and_its_slot_takes_the_next(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    first, second = await submitted(store, 2)
    queue, sandbox = Watched(store.queue), Sandbox()
    queue.may_finish.set()
    async with working(queue, sandbox, DEAF) as worker:
        claim_id = await claim_of(store, first)
        await cancel(store, first)
        worker.abort(claim_id)
        await asyncio.wait_for(sandbox.ended_early.wait(), 2)
        await asyncio.wait_for(until(store, [second], State.SUCCEEDED), 2)
    assert await cancelled(store, first)
    assert (queue.given_back, warnings(caplog)) == ([], [])
    assert [str(claim_id) in record.getMessage() for record in caplog.records] == [True]


async def test_an_aborted_claim_is_held_no_longer(store: MemoryStore) -> None:
    (execution_id,) = await submitted(store, 1)
    queue = Watched(store.queue)
    async with working(queue, never_end) as worker:
        claim_id = await claim_of(store, execution_id)
        await renewed(queue, {claim_id})
        worker.abort(claim_id)
        await renewed(queue, set())


async def renewed(queue: Watched, held: set[UUID]) -> None:
    """Return when the next renewal is of these claims, and no others."""
    queue.held.clear()

    async def seen() -> bool:
        return queue.held[-1:] == [held]

    await eventually_sees(seen)


async def test_a_run_is_aborted_even_if_the_notification_precedes_the_claim_s_answer(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    await dropped_at_claim(store, lambda worker, claim_id: worker.abort(claim_id))
    assert warnings(caplog) == []


async def test_a_run_is_aborted_even_if_the_notification_precedes_its_first_step(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    await dropped_at_claim(store, lambda worker, claim_id: asyncio.get_running_loop().call_soon(worker.abort, claim_id))
    assert warnings(caplog) == []


async def dropped_at_claim(store: MemoryStore, drop: Callable[[Worker, UUID], object]) -> None:
    first, second = await submitted(store, 2)
    cancelling: list[asyncio.Task[None]] = []

    def cancel_first(claimed: Claimed) -> None:
        if claimed.running.submission.id == first:
            cancelling.append(asyncio.create_task(cancel(store, first)))
            drop(worker, claimed.running.claim.id)

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        return await (never_end if claimed.running.submission.id == first else succeed)(claimed)

    queue = Watched(store.queue, at_claim=cancel_first)
    queue.may_finish.set()
    async with working(queue, run, DEAF) as worker:
        await asyncio.wait_for(until(store, [second], State.SUCCEEDED), 2)
    await asyncio.gather(*cancelling)
    assert await cancelled(store, first)
    assert queue.given_back == []


async def test_a_queued_completion_of_a_lost_claim_is_refused_and_no_other(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = await submitted(store, 2)
    queue = Watched(store.queue)
    async with working(queue, succeed, DEAF) as worker:
        claim_id = await claim_of(store, first)
        await queue.finishing.wait()
        await cancel(store, first)
        worker.abort(claim_id)
        queue.may_finish.set()
        await until(store, [second], State.SUCCEEDED)
    assert await cancelled(store, first)
    assert warnings(caplog) == [f"discarded stale result of claim {claim_id} (1 so far)"]


async def test_the_claim_of_another_worker_is_ignored(store: MemoryStore) -> None:
    may_end = asyncio.Event()

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        await may_end.wait()
        return Success(a_run())

    ids = await submitted(store, 1)
    async with working(store.queue, run) as worker:
        await claim_of(store, ids[0])
        worker.abort(an_id())
        may_end.set()
        await until(store, ids, State.SUCCEEDED)


async def test_a_cancellation_without_a_notification_is_found_by_renewing(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = await submitted(store, 2)
    async with working(store.queue, Sandbox(), evolve(DEAF, renew_seconds=0.01)):
        claim_id = await claim_of(store, first)
        await cancel(store, first)
        await asyncio.wait_for(until(store, [second], State.SUCCEEDED), 2)
    assert await cancelled(store, first)
    assert warnings(caplog) == [f"claim {claim_id} was lost; stopping its run"]


async def test_a_run_that_clears_up_is_cancelled_only_once(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    ending, may_clear_up, cleared_up = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        try:
            return await never_end(claimed)
        finally:
            ending.set()
            await may_clear_up.wait()
            cleared_up.set()

    (execution_id,) = await submitted(store, 1)
    queue = Watched(store.queue)
    async with working(queue, run) as worker:
        claim_id = await claim_of(store, execution_id)
        await cancel(store, execution_id)
        worker.abort(claim_id)
        await ending.wait()
        worker.abort(claim_id)
        for _ in range(2):
            await renewed(queue, {claim_id})
        may_clear_up.set()
        await asyncio.wait_for(cleared_up.wait(), 2)
    assert warnings(caplog) == []


async def test_a_run_aborted_while_the_worker_stops_is_not_released(store: MemoryStore) -> None:
    (execution_id,) = await submitted(store, 1)
    queue = Watched(store.queue)
    async with working(queue, never_end) as worker:
        claim_id = await claim_of(store, execution_id)
        worker.stop()
        worker.abort(claim_id)
    assert queue.given_back == []


async def test_a_check_of_the_claims_ends_a_cancelled_run_whose_notification_was_lost(store: MemoryStore) -> None:
    (cancelled,) = await submitted(store, 1)
    async with working(store.queue, never_end, DEAF) as worker:
        await claim_of(store, cancelled)
        await cancel(store, cancelled)
        worker.check_claims()
        (other,) = await submitted(store, 1, name="other")
        worker.wake.set()
        await claim_of(store, other)  # the only slot is free again
        worker.abort(await claim_of(store, other))


async def test_a_check_without_claims_asks_the_queue_nothing(store: MemoryStore) -> None:
    watched = Watched(store.queue)
    async with working(watched, succeed, DEAF) as worker:
        worker.check_claims()
        (execution,) = await submitted(store, 1)
        watched.may_finish.set()
        worker.wake.set()
        await until(store, [execution], State.SUCCEEDED)
    assert len(watched.held) == 1  # the renewal with which it began
