"""Prefetched executions run in turn, or are released if their turn does not come."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from attrs import define, evolve, field
from returns.result import Result, Success

from adapters.memory.queue import MemoryQueue
from adapters.memory.store import MemoryStore
from application.ports.queue import Claimed, Completion, Release
from application.ports.sandbox import RunFailure
from application.worker.config import WorkerPorts
from application.worker.worker import Worker
from domain.execution import Failed, Pending, Running, State, Succeeded, state_of
from domain.limits import MIB
from domain.outcome import Run
from tests.application.test_worker import QUICK, now, submitted, succeed, until, working
from tests.support.queues import WithoutReplays
from tests.support.values import a_body, a_run
from tests.support.waiting import eventually_sees


@define
class Counted(WithoutReplays):
    """The queue in memory, with the sizes of the batches that went through it."""

    queue: MemoryQueue
    claims: list[int] = field(factory=list)
    finishes: list[int] = field(factory=list)
    given_back: list[Release] = field(factory=list)

    async def claim(
        self, count: int, start: Callable[[Pending, datetime], Running], excluded_engines: Collection[str] = ()
    ) -> Sequence[Claimed]:
        claimed = await self.queue.claim(count, start, excluded_engines)
        self.claims.append(len(claimed))
        return claimed

    async def finish(self, endings: Sequence[Completion]) -> frozenset[UUID]:
        self.finishes.append(len(endings))
        return await self.queue.finish(endings)

    async def release(self, returns: Sequence[Release]) -> frozenset[UUID]:
        self.given_back += returns
        return await self.queue.release(returns)

    async def renew(self, held: Collection[Running]) -> frozenset[UUID]:
        return await self.queue.renew(held)

    async def reclaim(
        self, count: int, lose: Callable[[Running, datetime], Pending | Failed]
    ) -> Sequence[Pending | Failed]:
        return await self.queue.reclaim(count, lose)


class Holding:
    """A port `RunScript` whose runs go on until it is opened."""

    def __init__(self, short: int) -> None:
        self.short, self.begun, self.open = short, 0, asyncio.Event()

    async def __call__(self, claimed: Claimed) -> Result[Run, RunFailure]:
        self.begun += 1
        if self.begun > self.short:
            await self.open.wait()
        return Success(a_run())


async def test_short_runs_are_claimed_and_stored_in_batches(store: MemoryStore) -> None:
    ids = await submitted(store, 60)
    queue = Counted(store.queue)
    async with working(queue, succeed, evolve(QUICK, linger_seconds=0.001)):
        await until(store, ids, State.SUCCEEDED)
    assert max(queue.claims) > QUICK.slots
    assert max(queue.finishes) > QUICK.slots
    assert sum(queue.finishes) == 60


async def test_a_claim_that_waits_too_long_for_a_slot_is_released_without_the_cost_of_an_attempt(
    store: MemoryStore,
) -> None:
    ids = await submitted(store, 40)
    queue, holding = Counted(store.queue), Holding(short=10)
    async with working(queue, holding, evolve(QUICK, max_slot_wait_seconds=0.01)):

        async def all_but_the_held() -> list[Release]:
            return queue.given_back if holding.begun == 12 else []

        assert {one.execution.attempts for one in await eventually_sees(all_but_the_held)} == {0}
        async with working(store.queue, succeed, evolve(QUICK, poll_seconds=0.01)):
            done = [one for one in ids if not isinstance(await now(store, one), Running)]
            executions = await until(store, done, State.SUCCEEDED)
            holding.open.set()
    assert {one.attempt for one in executions if isinstance(one, Succeeded)} == {1}
    assert len(queue.given_back) < 40  # and is not claimed ahead again while the long runs go on


async def test_a_stop_releases_waiting_claims_at_once(store: MemoryStore) -> None:
    ids = await submitted(store, 40)
    queue, holding = Counted(store.queue), Holding(short=10)
    async with working(queue, holding, evolve(QUICK, max_slot_wait_seconds=60)) as worker:

        async def some_wait() -> bool:
            return holding.begun == 12 and len(worker._claims.waiting) > 0

        await eventually_sees(some_wait)
        worker.stop()

        async def given_back() -> list[Release]:
            return queue.given_back

        assert len(await eventually_sees(given_back)) > 0
        holding.open.set()
    states = [state_of(await now(store, one)) for one in ids]
    assert states.count(State.SUCCEEDED) >= 12
    assert set(states) == {State.SUCCEEDED, State.PENDING}


async def test_an_execution_starts_with_its_run_and_not_with_its_claim(store: MemoryStore) -> None:
    (first,) = await submitted(store, 1)
    seconds = iter(range(1_000, 10_000, 100))  # every look at the clock finds it 100 s later
    claimed_at: list[datetime] = []

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        report = await store.executions.report(first, 0)
        assert report is not None
        assert isinstance(report.execution, Running)
        claimed_at.append(report.execution.started_at)
        worker.stop()
        return Success(a_run())

    ports = WorkerPorts(queue=store.queue, run_script=run, new_id=lambda: first, monotonic=lambda: float(next(seconds)))
    worker = Worker(ports, QUICK)
    await asyncio.wait_for(worker.run(), 5)
    ended = await now(store, first)
    assert isinstance(ended, Succeeded)
    assert ended.started_at == claimed_at[0] + timedelta(seconds=100)
    assert ended.finished_at == ended.started_at + timedelta(seconds=100)


async def test_a_claim_that_large_datasets_cut_short_is_not_taken_for_the_last(store: MemoryStore) -> None:
    ids = await submitted(store, 6, a_body(b'"' + b"x" * (16 * MIB - 2) + b'"'))

    @define
    class Cautious(Counted):
        async def claim(
            self, count: int, start: Callable[[Pending, datetime], Running], excluded_engines: Collection[str] = ()
        ) -> Sequence[Claimed]:
            return await self.queue.claim(min(count, 1), start, excluded_engines)

    async with working(Cautious(store.queue), succeed, evolve(QUICK, poll_seconds=60)):
        await until(store, ids, State.SUCCEEDED)
