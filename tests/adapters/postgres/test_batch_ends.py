"""The ends of a batch's executions: each is counted once, whatever meets, and the last one finishes the batch."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
from attrs import evolve
from returns.result import Failure, Success

from adapters.postgres.connections import open_pool
from adapters.postgres.notifications import EndingsListener, WorkListener
from adapters.postgres.queue import PostgresQueue
from adapters.system import utc_now
from application.executions.completion_signals import WatchedCompletions
from application.ports.errors import Conflict
from application.ports.executions import ExecutionFilter
from application.ports.queue import Release
from domain.batches import BatchCounts, record_ends
from domain.execution import Failed, Pending, State, Unfinished
from domain.outcome import Logs
from domain.transitions import cancel, lose, release
from tests.adapters.postgres.batch_store import BY, DAY, Opened, blocked, opened, subscribe
from tests.contracts.test_executions import claim, ending, losing
from tests.support.batch_rows import wrongly_counted
from tests.support.postgres import in_background, listening
from tests.support.values import NOON, a_failure, a_run


async def test_each_way_to_an_end_is_counted_once_and_the_last_one_finishes_the_batch(
    lent_database: Callable[[], str],
) -> None:
    async with opened(lent_database(), lease=timedelta(0)) as store:
        new = await store.added(5)
        succeeded, failed, lost, back = await claim(store.queue, 4)
        assert await store.counts(new) == BatchCounts(1, 4, 0, 0)
        assert await store.queue.release([Release(back.running.claim.id, release(back.running))]) == frozenset()
        assert await store.queue.finish([ending(failed, a_run(a_failure())), ending(succeeded)]) == frozenset()
        assert await store.counts(new) == BatchCounts(2, 1, 1, 1)
        (of_lost,) = await store.queue.reclaim(9, losing(attempts=1))
        assert isinstance(of_lost, Failed)
        assert await store.counts(new) == BatchCounts(2, 0, 1, 2)
        stale = await store.queue.finish([ending(succeeded), ending(lost), ending(back)])
        assert stale == {one.running.claim.id for one in (succeeded, lost, back)}
        assert await store.counts(new) == BatchCounts(2, 0, 1, 2)
        (again,) = await claim(store.queue, 1)
        assert await store.queue.reclaim(9, losing()) == [lose(again.running, utc_now(), 3)]
        assert await store.counts(new) == BatchCounts(2, 0, 1, 2)
        for waiting in await store.executions.page(ExecutionFilter(batch=new.batch.id, state=State.PENDING), None, 9):
            assert (await store.now(new)).finished_at is None
            assert isinstance(waiting, Pending)
            failure = cancel(waiting, utc_now())
            assert await store.executions.cancel(waiting, failure, BY) == Success(Logs())
            assert await store.executions.cancel(waiting, failure, BY) == Failure(Conflict())
        assert await store.counts(new) == BatchCounts(0, 0, 1, 4)
        assert wrongly_counted(store.url) == []


async def test_a_batch_finishes_no_earlier_than_any_of_its_executions_whatever_their_clocks_say(store: Opened) -> None:
    new = await store.added(2)
    one, two = await claim(store.queue, 2)
    late, early = ending(one), ending(two)
    late = evolve(late, execution=evolve(late.execution, finished_at=late.execution.finished_at + DAY))
    await store.queue.finish([late])
    await store.queue.finish([early])
    assert await store.now(new) == record_ends(new.batch, 2, 0, late.execution.finished_at)


async def test_two_workers_that_settle_the_last_executions_at_once_finish_the_batch_once(store: Opened) -> None:
    subscribe(store, {"batch.finished"})
    for _ in range(5):
        new = await store.added(2)
        (one,), (two,) = await claim(store.queue, 1), await claim(store.rival, 1)
        async with await psycopg.AsyncConnection.connect(store.url) as other:
            await other.execute("select 1 from batches where id = %s for update", (new.batch.id,))
            settling = [asyncio.create_task(store.queue.finish([ending(one)]))]
            settling += [asyncio.create_task(store.rival.finish([ending(two)]))]
            await blocked(store.url, 2)
            await other.commit()
            assert await asyncio.gather(*settling) == [frozenset(), frozenset()]
        assert await store.counts(new) == BatchCounts(0, 0, 2, 0)
        of_this = "select facts from webhook_deliveries where facts ->> 'batch' = %s"
        assert store.select(of_this, str(new.batch.id)) == [({**FACTS, "batch": str(new.batch.id)},)]


FACTS: Final = {"version": 1, "lines": 2, "succeeded": 2, "failed": 0, "cancelled": False}


async def test_a_settlement_and_a_cancellation_that_meet_count_each_execution_once(store: Opened) -> None:
    """The cancellation holds the first row when the settlement, which has the second one, comes to it, or the other way
    round: both take them in the order of ids."""
    for comes_first in ("cancellation", "settlement"):
        new = await store.added(3)
        ends = [ending(one) for one in reversed(await claim(store.queue, 2))]
        async with await psycopg.AsyncConnection.connect(store.url) as other:
            first = new.executions[0].submission.id
            await other.execute("select 1 from executions where id = %s for update", (first,))
            if comes_first == "cancellation":
                cancelling = asyncio.create_task(store.batches.cancel(new.batch.id, utc_now(), BY))
                await blocked(store.url)
            settling = asyncio.create_task(store.queue.finish(ends))
            await blocked(store.url, 1 if comes_first == "settlement" else 2)
            if comes_first == "settlement":
                cancelling = asyncio.create_task(store.batches.cancel(new.batch.id, utc_now(), BY))
                await blocked(store.url, 2)
            await other.commit()
            cancelled, stale = await cancelling, await settling
        assert (cancelled, len(stale)) in ((1, 0), (3, 2))
        assert await store.counts(new) == BatchCounts(0, 0, 3 - cancelled, cancelled)
        assert (await store.now(new)).finished_at is not None


async def test_cancellations_settlements_renewals_and_claims_at_once_never_deadlock(store: Opened) -> None:
    chance = random.Random(20)
    for _ in range(4):
        new = await store.added(60)

        async def work(queue: PostgresQueue) -> None:
            while claimed := list(await claim(queue, 12)):
                chance.shuffle(claimed)
                renewing = asyncio.create_task(queue.renew([one.running for one in claimed]))
                await queue.finish(
                    [ending(one, a_run(a_failure()) if chance.random() < 0.5 else None) for one in claimed]
                )
                await renewing

        async def stop(batch_id: UUID, after: float) -> int:
            while (await store.counts(new)).pending > after:  # noqa: B023 - awaited in this round
                await asyncio.sleep(0)
            return await store.batches.cancel(batch_id, utc_now())

        cancelled = await asyncio.gather(
            work(store.queue), work(store.rival), *(stop(new.batch.id, 60 * chance.random()) for _ in range(2))
        )
        counts = await store.counts(new)
        assert counts.succeeded + counts.failed == 60
        of_batch = "error_kind = 'cancelled' and attribution -> 'batch' ->> 'batch_id' = %s"
        found = store.select(f"select count(*) from executions where {of_batch}", str(new.batch.id))
        assert found == [(sum(filter(None, cancelled)),)]
        assert wrongly_counted(store.url) == []


async def test_a_cancelled_batch_is_as_if_each_execution_had_been_cancelled(store: Opened) -> None:
    dropped: asyncio.Queue[UUID] = asyncio.Queue()
    ended = WatchedCompletions()
    worker, reader = WorkListener(store.url, lambda: None, dropped.put_nowait), EndingsListener(store.url, ended)
    new = await store.added(250)
    await store.run_all(3, failing=1)
    running = [one.running for one in await claim(store.queue, 2)]
    at = utc_now()
    unfinished: dict[UUID, Unfinished] = {one.submission.id: one for one in new.executions[3:]}
    unfinished |= {one.submission.id: one for one in running}
    async with (
        open_pool(store.url, "more", size=1) as pool,
        in_background(worker.run()),
        in_background(reader.run(pool)),
    ):
        await listening(store.url, "bateia_cancelled")
        await listening(store.url, "bateia_ended")
        with ended.watch(new.batch.id) as end, ended.watch(new.executions[-1].submission.id) as end_of_last:
            assert await store.batches.cancel(new.batch.id, at, BY) == 247
            await asyncio.wait_for(end.wait(), 5)
            await asyncio.wait_for(end_of_last.wait(), 5)
        assert {await asyncio.wait_for(dropped.get(), 5) for _ in running} == {one.claim.id for one in running}
    stored = await store.executions_of(new)
    assert stored[3:] == [cancel(unfinished[one.submission.id], at) for one in stored[3:]]
    found = await store.batches.find(new.batch.id)
    assert found is not None
    assert (found.batch.cancelled_at, found.counts) == (at, BatchCounts(0, 0, 2, 248))
    assert await store.queue.renew(running) == {one.claim.id for one in running}
    assert await store.batches.cancel(new.batch.id, utc_now(), BY) == 0
    assert await store.batches.find(new.batch.id) == found
    cancelled = "select action, request_id, batch_id from audit where action like 'cancelled%%'"
    assert store.select(cancelled) == [("cancelled_batch", "r", new.batch.id)]


async def test_times_of_a_cancellation_never_run_backwards(store: Opened) -> None:
    new = await store.added(2)
    (running,) = await claim(store.queue, 1)
    early = NOON - DAY
    assert await store.batches.cancel(new.batch.id, early) == 2
    found = await store.batches.find(new.batch.id)
    assert found is not None
    assert found.batch.cancelled_at == NOON
    assert found.batch.finished_at == running.running.started_at
    assert await store.executions_of(new) == [
        cancel(running.running, early),
        cancel(new.executions[1], early),
    ]
