"""The contract of every store for cancellations: before or after every other change, never between two."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeAlias

import pytest
from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.ports.errors import Conflict
from application.ports.executions import ExecutionDetails
from application.ports.queue import Release
from domain.execution import Failed, Pending, Running, State, Unfinished, as_unfinished, state_of
from domain.outcome import Logs
from domain.transitions import cancel, release
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import EXPIRED, claim, ending, losing, now, submitted
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body

LATER = NOON + timedelta(days=10_000)
Meanwhile: TypeAlias = Callable[[Store], Awaitable[None]]


async def cancelled(store: Store, read: Unfinished) -> Result[Failed, Conflict]:
    failed = cancel(read, LATER)
    return (await store.executions.cancel(read, failed)).map(lambda _: failed)


async def unfinished(store: Store, pending: Pending) -> Unfinished:
    return as_unfinished(await now(store, pending)).unwrap()


async def test_a_cancelled_pending_execution_is_read_so_and_never_claimed(open_store: OpenStore) -> None:
    async with open_store() as store:
        kept, other = await submitted(store, 2)
        failed = (await cancelled(store, kept)).unwrap()
        assert await store.executions.report(kept.submission.id, 100) == ExecutionDetails(failed, Logs(), None)
        assert await whole(await store.executions.dataset(kept.submission.id)) == a_body()
        assert [one.running.submission for one in await claim(store.queue, 10)] == [other.submission]


async def test_a_cancelled_running_execution_is_read_so_and_its_claim_is_stale(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        failed = (await cancelled(store, claimed.running)).unwrap()
        dead = {claimed.running.claim.id}
        assert await store.queue.renew([claimed.running]) == dead
        assert await store.queue.finish([ending(claimed)]) == dead
        assert await store.queue.release([Release(claimed.running.claim.id, release(claimed.running))]) == dead
        assert await store.executions.report(pending.submission.id, 100) == ExecutionDetails(failed, Logs(), None)
        assert await whole(await store.executions.result(pending.submission.id)) is None
        assert await claim(store.queue) == []


async def test_a_cancelled_execution_is_not_reclaimed(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        failed = (await cancelled(store, claimed.running)).unwrap()
        assert await store.rival.reclaim(10, losing()) == []
        assert await now(store, pending) == failed


async def test_an_attempt_after_a_lost_one_is_cancelled_with_its_number(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        (pending,) = await submitted(store)
        await claimed_and_lost(store)
        failed = (await cancelled(store, await unfinished(store, pending))).unwrap()
        assert (failed.attempt, failed.started_at) == (1, None)
        assert await now(store, pending) == failed


async def test_a_second_cancellation_finds_it_ended(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        failed = (await cancelled(store, pending)).unwrap()
        assert await cancelled(store, pending) == Failure(Conflict())
        assert await now(store, pending) == failed


async def claimed_by_one(store: Store) -> None:
    assert len(await claim(store.queue)) == 1


async def claimed_and_finished(store: Store) -> None:
    await store.queue.finish([ending(one) for one in await claim(store.queue)])


async def claimed_and_lost(store: Store) -> None:
    await claim(store.queue)
    assert len(await store.rival.reclaim(1, losing())) == 1


async def claimed_and_given_back(store: Store) -> None:
    returns = [Release(one.running.claim.id, release(one.running)) for one in await claim(store.queue)]
    assert await store.queue.release(returns) == frozenset()


@pytest.mark.parametrize("meanwhile", [claimed_by_one, claimed_and_finished, claimed_and_lost])
async def test_an_execution_that_is_no_longer_pending_as_read_is_not_cancelled(
    open_store: OpenStore, meanwhile: Meanwhile
) -> None:
    async with open_store(lease=EXPIRED) as store:
        (pending,) = await submitted(store)
        await meanwhile(store)
        moved = await now(store, pending)
        assert await cancelled(store, pending) == Failure(Conflict())
        assert await now(store, pending) == moved != pending


async def test_an_execution_claimed_and_released_counts_as_read(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        await claimed_and_given_back(store)
        assert await now(store, pending) == pending
        failed = (await cancelled(store, pending)).unwrap()
        assert await now(store, pending) == failed


async def given_back(store: Store, running: Running) -> None:
    await store.queue.release([Release(running.claim.id, release(running))])


async def lost(store: Store, running: Running) -> None:
    await store.rival.reclaim(1, losing())


async def lost_and_claimed_again(store: Store, running: Running) -> None:
    await lost(store, running)
    await claim(store.rival)


async def given_back_and_claimed_again(store: Store, running: Running) -> None:
    await given_back(store, running)
    await claim(store.rival)


@pytest.mark.parametrize("meanwhile", [given_back, lost, lost_and_claimed_again, given_back_and_claimed_again])
async def test_an_execution_that_its_worker_has_lost_is_not_cancelled_under_the_old_claim(
    open_store: OpenStore, meanwhile: Callable[[Store, Running], Awaitable[None]]
) -> None:
    async with open_store(lease=EXPIRED) as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        await meanwhile(store, claimed.running)
        moved = await now(store, pending)
        assert await cancelled(store, claimed.running) == Failure(Conflict())
        assert await now(store, pending) == moved != claimed.running


async def test_a_run_that_finished_first_keeps_its_outcome(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed)])
        assert await cancelled(store, claimed.running) == Failure(Conflict())
        assert await now(store, pending) == ending(claimed).execution


async def all_cancelled(store: Store, read: Sequence[Unfinished]) -> list[bool]:
    return [is_successful(done) for done in await asyncio.gather(*(cancelled(store, one) for one in read))]


async def test_of_a_concurrent_claim_and_cancellation_one_comes_first(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 20)
        ended, one, two = await asyncio.gather(
            all_cancelled(store, pending), claim(store.queue, 10), claim(store.rival, 10)
        )
        running = {each.running.submission.id for each in (*one, *two)}
        for each, done in zip(pending, ended, strict=True):
            assert done != (each.submission.id in running)
            assert state_of(await now(store, each)) is (State.FAILED if done else State.RUNNING)


async def test_of_a_concurrent_completion_and_cancellation_one_is_stored(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 20)
        claimed = await claim(store.queue, 20)
        ended, stale = await asyncio.gather(
            all_cancelled(store, [one.running for one in claimed]),
            store.queue.finish([ending(one) for one in claimed]),
        )
        for each, one, done in zip(pending, claimed, ended, strict=True):
            assert done == (one.running.claim.id in stale)
            assert await now(store, each) == (cancel(one.running, LATER) if done else ending(one).execution)


@pytest.mark.parametrize("runs", [True, False])
async def test_readers_are_woken_when_it_is_cancelled(open_store: OpenStore, runs: bool) -> None:
    async with open_store() as store:
        first, second = await submitted(store, 2)
        if runs:
            await claim(store.queue, 2)
        with store.endings.watch(first.submission.id) as ended, store.endings.watch(second.submission.id) as other:
            assert is_successful(await cancelled(store, await unfinished(store, first)))
            await asyncio.wait_for(ended.wait(), 2)
            assert not other.is_set()
