"""Events: recorded by the statement that brings them about, for each webhook that is interested, and for no other."""

import asyncio
from typing import Any, Final
from uuid import UUID

import pytest
from attrs import evolve

from adapters.postgres.connections import RowRefused
from adapters.postgres.notifications import WorkListener
from adapters.system import utc_now
from application.ports.executions import NewExecution
from application.ports.queue import Release
from domain.batches import BatchCounts
from domain.execution import Attribution, Failed, Pending, Succeeded
from domain.transitions import cancel, release
from tests.adapters.postgres.batch_store import Opened, subscribe
from tests.contracts.test_executions import claim, ending, losing, starting
from tests.support.postgres import in_background, listening
from tests.support.values import a_body, a_failure, a_pending, a_run, an_id
from tests.support.waiting import eventually_sees

ALL: Final = {"execution.succeeded", "execution.failed", "batch.finished"}


def deliveries(store: Opened) -> list[tuple[Any, ...]]:
    """Read the events in the order in which they were recorded."""
    return store.select("select webhook_id, event, script_id, facts from webhook_deliveries order by number")


async def submitted(store: Opened, replay_of: UUID | None = None, alias: str | None = None) -> Pending:
    pending = a_pending(store.version)
    submission = evolve(pending.submission, replay_of=replay_of, attribution=Attribution(alias=alias))
    pending = evolve(pending, submission=submission)
    await store.executions.add(NewExecution(pending, a_body()))
    return pending


async def test_each_end_of_an_execution_is_an_event_of_its_kind(store: Opened) -> None:
    webhook = subscribe(store, ALL)
    for alias in ("live", None):
        await submitted(store, alias=alias)
    good, bad = await claim(store.queue, 2)
    run = a_run()
    await store.queue.finish([ending(good, run), ending(bad, a_run(a_failure()))])
    waiting = await submitted(store)
    (await store.executions.cancel(waiting, cancel(waiting, utc_now()))).unwrap()
    of = store.version.script_id
    succeeded = ending(good, run).execution
    assert isinstance(succeeded, Succeeded)
    assert deliveries(store) == [
        (
            *(webhook, "execution.succeeded", of),
            {
                "execution": str(good.running.submission.id),
                "version": 1,
                "alias": "live",
                "status": "succeeded",
                "result_sha256": succeeded.output.sha256,
                "result_bytes": succeeded.output.size_bytes,
            },
        ),
        *(
            (
                *(webhook, "execution.failed", of),
                {"execution": str(one), "version": 1, "alias": None, "status": "failed", "error_kind": kind},
            )
            for one, kind in ((bad.running.submission.id, "script_error"), (waiting.submission.id, "cancelled"))
        ),
    ]
    pending = store.select("select status, attempts, due_at <= clock_timestamp() from webhook_deliveries")
    assert pending == [("pending", 0, True)] * 3


async def test_what_is_not_an_end_is_no_event(store: Opened) -> None:
    subscribe(store, ALL)
    await submitted(store)
    (one,) = await claim(store.queue)
    await store.queue.release([Release(one.running.claim.id, release(one.running))])
    assert len(await store.queue.finish([ending(one)])) == 1
    store.do("update executions set leased_until = now() where state = 'running'")
    assert deliveries(store) == []


async def test_executions_of_replays_and_batches_raise_no_events_of_their_own(store: Opened) -> None:
    original = await submitted(store)
    await claim(store.queue)
    webhook = subscribe(store, ALL)
    await submitted(store, replay_of=original.submission.id)
    (replayed,) = await store.queue.claim_replays(1, starting())
    await store.queue.finish([ending(replayed)])
    new = await store.added(3)
    one, two, three = await claim(store.queue, 3)
    await store.queue.finish([ending(one), ending(two, a_run(a_failure()))])
    assert deliveries(store) == []
    await store.queue.finish([ending(three)])
    facts = {"batch": str(new.batch.id), "version": 1, "lines": 3, "succeeded": 2, "failed": 1, "cancelled": False}
    assert deliveries(store) == [(webhook, "batch.finished", store.version.script_id, facts)]


@pytest.mark.parametrize("ended", [0, 1, 2])
async def test_a_cancelled_batch_is_one_event(store: Opened, ended: int) -> None:
    webhook = subscribe(store, ALL)
    new = await store.added(3)
    await store.run_all(ended)
    assert await store.batches.cancel(new.batch.id, utc_now()) == 3 - ended
    facts = {"batch": str(new.batch.id), "version": 1, "lines": 3, "succeeded": ended, "failed": 3 - ended}
    expected = (webhook, "batch.finished", store.version.script_id, {**facts, "cancelled": True})
    assert deliveries(store) == [expected]
    assert await store.counts(new) == BatchCounts(0, 0, ended, 3 - ended)


async def test_the_cancellation_of_the_last_execution_finishes_its_batch_with_an_event(store: Opened) -> None:
    webhook = subscribe(store, ALL)
    new = await store.added(1)
    (last,) = new.executions
    (await store.executions.cancel(last, cancel(last, utc_now()))).unwrap()
    facts = {"batch": str(new.batch.id), "version": 1, "lines": 1, "succeeded": 0, "failed": 1, "cancelled": False}
    assert deliveries(store) == [(webhook, "batch.finished", store.version.script_id, facts)]


async def test_an_event_is_recorded_once_for_each_webhook_that_is_interested(store: Opened) -> None:
    of = store.version.script_id
    to_all, to_one = subscribe(store, ALL), subscribe(store, {"execution.failed"}, [an_id(), of])
    subscribe(store, ALL, [an_id()])
    subscribe(store, {"alias.moved"})
    await submitted(store)
    await submitted(store)
    one, two = await claim(store.queue, 2)
    await store.queue.finish([ending(one), ending(two, a_run(a_failure()))])
    seen = [(webhook, event) for webhook, event, _, _ in deliveries(store)]
    assert sorted(seen) == sorted(
        [(to_all, "execution.succeeded"), (to_all, "execution.failed"), (to_one, "execution.failed")]
    )


async def test_a_lost_execution_is_an_event_of_the_worker_that_finds_it(store: Opened) -> None:
    webhook = subscribe(store, ALL)
    await submitted(store)
    await claim(store.queue)
    store.do("update executions set leased_until = now() - interval '1 second'")
    (lost,) = await store.rival.reclaim(9, losing(attempts=1))
    assert isinstance(lost, Failed)
    ((of, event, _, facts),) = deliveries(store)
    assert (of, event, facts["error_kind"]) == (webhook, "execution.failed", "worker_lost")


async def test_an_event_whose_transaction_fails_is_as_lost_as_the_end(store: Opened) -> None:
    subscribe(store, ALL)
    await submitted(store)
    (one,) = await claim(store.queue)
    store.do("alter table webhook_deliveries add constraint none check (false) not valid")
    try:
        with pytest.raises(RowRefused):
            await store.queue.finish([ending(one)])
    finally:
        store.do("alter table webhook_deliveries drop constraint none")
    assert store.select("select state from executions") == [("running",)]
    assert await store.queue.finish([ending(one)]) == frozenset()
    assert len(deliveries(store)) == 1


async def test_senders_are_notified_of_events_and_of_nothing_else(store: Opened) -> None:
    heard: asyncio.Queue[None] = asyncio.Queue()
    listener = WorkListener(store.url, lambda: None, lambda _: None)
    async with in_background(listener.run(on_events=lambda: heard.put_nowait(None))):
        await listening(store.url, "bateia_webhooks")
        await eventually_sees(lambda: listens(listener))
        while not heard.empty():  # on connecting, and until then
            heard.get_nowait()
        await end_of_one(store)  # without a subscription
        subscribe(store, ALL)
        for change in (end_of_one, cancellation, end_of_a_batch, cancellation_of_a_batch):
            assert heard.empty(), change.__name__
            await change(store)
            await asyncio.wait_for(heard.get(), 5)


async def listens(listener: WorkListener) -> bool:
    return not listener.trouble


async def end_of_one(store: Opened) -> None:
    await submitted(store)
    await store.run_all(1)


async def cancellation(store: Opened) -> None:
    waiting = await submitted(store)
    (await store.executions.cancel(waiting, cancel(waiting, utc_now()))).unwrap()


async def end_of_a_batch(store: Opened) -> None:
    await store.added(1)
    await store.run_all(1)


async def cancellation_of_a_batch(store: Opened) -> None:
    await store.batches.cancel((await store.added(2)).batch.id, utc_now())


async def test_a_sender_that_cannot_listen_looks_by_itself(store: Opened) -> None:
    woken = asyncio.Event()
    unreachable = WorkListener(f"{store.url}_missing", lambda: None, lambda _: None)
    async with in_background(unreachable.run(on_events=woken.set)):
        await asyncio.wait_for(woken.wait(), 5)
