"""The contract of every store for removed content: all of it is gone at once, and the record stays."""

import asyncio
from datetime import timedelta

import pytest
from attrs import evolve

from application.ports.executions import ExecutionDetails, ExecutionFilter, NewExecution
from domain.execution import Failed, Finished, Pending, as_finished
from domain.outcome import Logs, Produced, Run
from domain.redaction import MESSAGE_REMOVED, remove_content
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_cancelling import cancelled
from tests.contracts.test_executions import LINES, NULLED, a_version, claim, ending, now, rounded, submitted
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run

LATE = NOON + timedelta(days=10_000)


async def ended(store: Store, pending: Pending, run: Run | None = None) -> Finished:
    (claimed,) = await claim(store.queue)
    await store.queue.finish([ending(claimed, run)])
    return as_finished(await now(store, pending)).unwrap()


@pytest.mark.parametrize("run", [a_run(lines=LINES, warnings=NULLED), a_run(a_failure("a secret"), LINES), a_run()])
async def test_dataset_result_and_logs_are_gone_and_the_record_is_as_it_was_given(
    open_store: OpenStore, run: Run
) -> None:
    async with open_store() as store:
        pending = rounded(a_pending(await a_version(store)))
        key = pending.submission.id
        await store.executions.add(NewExecution(pending, a_body()))
        removed = remove_content(await ended(store, pending, run), LATE)
        await store.executions.remove_content(removed)
        assert await store.executions.report(key, 100) == ExecutionDetails(removed, Logs(), None)
        assert await store.executions.page(ExecutionFilter(), None, 10) == [removed]
        assert (await whole(await store.executions.dataset(key)), await whole(await store.executions.result(key))) == (
            None,
            None,
        )


async def test_no_other_execution_is_touched(open_store: OpenStore) -> None:
    async with open_store() as store:
        first, second = await submitted(store, 2)
        one, two = await ended(store, first), await ended(store, second, a_run(Produced(a_body(b"[3]")), LINES))
        await store.executions.remove_content(remove_content(one, LATE))
        assert await store.executions.report(second.submission.id, 100) == ExecutionDetails(
            two, Logs(LINES), a_body(b"[3]")
        )
        assert await whole(await store.executions.dataset(second.submission.id)) == a_body()


async def test_an_execution_cancelled_while_pending_loses_its_dataset(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        removed = remove_content((await cancelled(store, pending)).unwrap(), LATE)
        await store.executions.remove_content(removed)
        assert await now(store, pending) == removed
        assert await whole(await store.executions.dataset(pending.submission.id)) is None


async def test_a_second_removal_changes_nothing(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        finished = await ended(store, pending, a_run(a_failure(), LINES))
        first, second = remove_content(finished, LATE), remove_content(finished, LATE + timedelta(days=1))
        await store.executions.remove_content(first)
        await store.executions.remove_content(second)
        assert await now(store, pending) == first


async def test_of_two_concurrent_removals_one_sets_the_time(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        finished = await ended(store, pending)
        wanted = [remove_content(finished, LATE + timedelta(days=day)) for day in range(8)]
        await asyncio.gather(*(store.executions.remove_content(one) for one in wanted))
        assert await now(store, pending) in wanted


async def test_a_running_or_unknown_execution_is_not_touched(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 2)
        (claimed,) = await claim(store.queue)
        early = as_finished(ending(claimed).execution).unwrap()
        unknown = evolve(early, submission=a_pending(await a_version(store, "other")).submission)
        for one in (early, unknown, evolve(early, submission=pending[1].submission)):
            await store.executions.remove_content(remove_content(one, LATE))
        assert [await now(store, one) for one in pending] == [claimed.running, pending[1]]
        assert [await whole(await store.executions.dataset(one.submission.id)) for one in pending] == [
            a_body(),
            a_body(),
        ]
        assert await store.queue.finish([ending(claimed)]) == frozenset()


async def test_script_authored_text_is_redacted_from_the_record(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        await store.executions.remove_content(
            remove_content(await ended(store, pending, a_run(a_failure("a secret"))), LATE)
        )
        left = await now(store, pending)
        assert isinstance(left, Failed)
        assert (left.error.message, left.error.stack) == (MESSAGE_REMOVED, None)
