"""Replays in a worker: they run in slots that nothing else wants, and delay nothing else."""

import asyncio
from uuid import UUID

import pytest
from attrs import evolve
from returns.result import Result, Success

from adapters.memory.store import MemoryStore
from application.ports.executions import NewExecution
from application.ports.queue import Claimed
from application.ports.sandbox import RunFailure
from application.worker.replay_looks import BUSY_REST_SECONDS, BUSY_SECONDS, REST_SECONDS
from domain.execution import Pending, Running, State
from domain.outcome import Run
from tests.application.test_worker import QUICK, latest, now, submitted, succeed, until, working
from tests.support.values import CIRCUMSTANCES, a_body, a_pending, a_run, an_id
from tests.support.waiting import eventually_sees

ALWAYS = evolve(QUICK, slots=2, poll_seconds=1_000)


async def replays(store: MemoryStore, count: int) -> list[UUID]:
    version, of = await latest(store), an_id()
    pending = [a_pending(version) for _ in range(count)]
    for one in pending:
        submission = evolve(one.submission, replay_of=of, circumstances=CIRCUMSTANCES)
        await store.executions.add(NewExecution(Pending(submission), a_body()))
    return [one.submission.id for one in pending]


async def test_replays_run_one_after_another_once_nothing_else_is_pending(store: MemoryStore) -> None:
    order: list[UUID] = []

    async def note(claimed: Claimed) -> Result[Run, RunFailure]:
        order.append(claimed.running.submission.id)
        await asyncio.sleep(1)
        return Success(a_run())

    ids = await submitted(store, 5)
    repeated = await replays(store, 7)
    async with working(store.queue, note, ALWAYS):
        await until(store, [*ids, *repeated], State.SUCCEEDED)
    assert order == [*ids, *repeated]


async def test_a_replay_that_comes_while_slots_are_free_is_run_at_the_latest_after_a_rest(store: MemoryStore) -> None:
    clock = asyncio.get_running_loop().time
    await submitted(store, 0)
    async with working(store.queue, succeed, ALWAYS) as worker:
        for _ in range(3):
            began = clock()
            repeated = await replays(store, 1)
            worker.wake.set()
            await until(store, repeated, State.SUCCEEDED)
            assert clock() - began <= 2 * REST_SECONDS


async def test_no_replay_is_claimed_ahead_and_an_execution_waits_for_one_run_at_most(store: MemoryStore) -> None:
    held: list[UUID] = []
    ends: asyncio.Queue[None] = asyncio.Queue()

    async def hold(claimed: Claimed) -> Result[Run, RunFailure]:
        held.append(claimed.running.submission.id)
        await ends.get()
        return Success(a_run())

    async def both_held() -> bool:
        return len(held) == 2

    await submitted(store, 0)
    repeated = await replays(store, 6)
    async with working(store.queue, hold, evolve(ALWAYS, prefetch_seconds=1_000)) as worker:
        await eventually_sees(both_held)
        version = await latest(store)
        pending = a_pending(version)
        await store.executions.add(NewExecution(pending, a_body()))
        worker.wake.set()
        ends.put_nowait(None)
        await until(store, [pending.submission.id], State.RUNNING)
        assert held == [*repeated[:2], pending.submission.id]
        for _ in range(9):
            ends.put_nowait(None)
        await until(store, repeated, State.SUCCEEDED)


async def test_a_direct_start_overtakes_pending_replays_and_no_replay_starts_directly(store: MemoryStore) -> None:
    await submitted(store, 0)
    version = await latest(store)
    async with working(store.queue, succeed, ALWAYS) as worker:
        await asyncio.sleep(REST_SECONDS / 4)  # of virtual time: the first look is one for replays too, which rest then
        (repeated,) = await replays(store, 1)
        worker.wake.set()
        await asyncio.sleep(REST_SECONDS / 4)
        ordinary = a_pending(version)
        replay = evolve(ordinary, submission=evolve(ordinary.submission, id=an_id(), replay_of=an_id()))
        assert await store.executions.waiting(1) == 0
        for pending, state in ((ordinary, Running), (replay, Pending)):
            async with worker.start_directly(pending, version, a_body()) as started:
                assert type(started.execution) is state
                (await store.executions.add(NewExecution(started.execution, a_body()))).unwrap()
                started.confirm()
        assert isinstance(await now(store, repeated), Pending)
        await until(store, [repeated, ordinary.submission.id, replay.submission.id], State.SUCCEEDED)


async def test_few_replays_run_while_others_come_and_all_of_them_afterwards(store: MemoryStore) -> None:
    order: list[bool] = []

    async def note(claimed: Claimed) -> Result[Run, RunFailure]:
        order.append(claimed.running.submission.replay_of is not None)
        await asyncio.sleep(0.01)
        return Success(a_run())

    await submitted(store, 0)
    version = await latest(store)
    async with working(store.queue, note, ALWAYS) as worker:
        repeated: list[UUID] = []
        began = asyncio.get_running_loop().time()
        for turn in range(100):  # each ends before the next one comes, so that none is ever pending for long
            pending = a_pending(version)
            await store.executions.add(NewExecution(pending, a_body()))
            worker.wake.set()
            await until(store, [pending.submission.id], State.SUCCEEDED)
            repeated = repeated or await replays(store, 40 * (turn == 0))
        lasted = asyncio.get_running_loop().time() - began
        assert 1 <= sum(order) <= 2 + lasted / BUSY_REST_SECONDS
        await asyncio.sleep(BUSY_SECONDS + BUSY_REST_SECONDS)
        worker.wake.set()
        await until(store, repeated, State.SUCCEEDED)


async def test_looks_for_replays_are_rare_while_others_come(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    look = store.queue.claim_replays

    async def counted(*arguments: object) -> object:
        nonlocal looks
        looks += 1
        return await look(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store.queue, "claim_replays", counted)
    await submitted(store, 0)
    version = await latest(store)
    async with working(store.queue, succeed, ALWAYS) as worker:
        for _ in range(200):
            pending = a_pending(version)
            await store.executions.add(NewExecution(pending, a_body()))
            worker.wake.set()
            await until(store, [pending.submission.id], State.SUCCEEDED)
            await asyncio.sleep(0.01)
    assert looks <= 2 + 200 * 0.05 / REST_SECONDS
