"""The contract of every store for the event of a batch: recorded once, with whatever ends its last execution."""

import json
from collections.abc import Awaitable, Callable

import pytest

from application.ports.batches import NewBatch
from domain.deliveries import DeliveryStatus
from domain.execution import as_unfinished
from domain.transitions import cancel
from domain.webhooks import SUBSCRIBABLE, EventType
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_batches import LATE
from tests.contracts.test_batches import added as a_batch_in
from tests.contracts.test_executions import EXPIRED, claim, ending, losing
from tests.contracts.test_webhooks import added, deliveries
from tests.support.batches import executions_of
from tests.support.values import a_failure, a_run


async def succeed(store: Store, new: NewBatch) -> None:
    await store.queue.finish([ending(one) for one in await claim(store.queue, 9)])


async def fail(store: Store, new: NewBatch) -> None:
    await store.queue.finish([ending(one, a_run(a_failure())) for one in await claim(store.queue, 9)])


async def lose(store: Store, new: NewBatch) -> None:
    await claim(store.queue, 9)
    await store.rival.reclaim(9, losing(attempts=1))


async def cancel_each(store: Store, new: NewBatch) -> None:
    for one in await executions_of(store.executions, new.batch.id):
        unfinished = as_unfinished(one).unwrap()
        (await store.executions.cancel(unfinished, cancel(unfinished, LATE))).unwrap()


async def cancel_all(store: Store, new: NewBatch) -> None:
    await store.batches.cancel(new.batch.id, LATE)


@pytest.mark.parametrize("end", [succeed, fail, lose, cancel_each, cancel_all])
async def test_the_end_of_the_last_execution_is_the_only_event_of_a_batch(
    open_store: OpenStore, end: Callable[[Store, NewBatch], Awaitable[None]]
) -> None:
    async with open_store(lease=EXPIRED) as store:
        webhook = await added(store, events=SUBSCRIBABLE)
        new = await a_batch_in(store, 3)
        await end(store, new)
        (delivery,) = await deliveries(store, webhook)
        assert (delivery.event, delivery.status) == (EventType.BATCH_FINISHED, DeliveryStatus.PENDING)
        assert delivery.script_id == new.batch.script.id
        assert json.loads(delivery.facts) == {
            "batch": str(new.batch.id),
            "version": 1,
            "lines": 3,
            "succeeded": 3 if end is succeed else 0,
            "failed": 0 if end is succeed else 3,
            "cancelled": end is cancel_all,
        }


async def test_a_batch_that_goes_on_has_no_event(open_store: OpenStore) -> None:
    async with open_store() as store:
        webhook = await added(store, events=SUBSCRIBABLE)
        new = await a_batch_in(store, 2)
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed)])
        assert list(await deliveries(store, webhook)) == []
        assert (await store.batches.cancel(new.batch.id, LATE)) == 1
        assert [one.event for one in await deliveries(store, webhook)] == [EventType.BATCH_FINISHED]
