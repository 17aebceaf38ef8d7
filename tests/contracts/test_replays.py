"""The contract of every store for executions with circumstances of their own, those that repeat another one among them,
and for the digests of errors."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import pytest
from attrs import evolve

from application.ports.executions import ExecutionFilter, NewExecution
from application.ports.queue import Claimed, Completion
from domain.body import digest
from domain.circumstances import Circumstances
from domain.execution import Claim, Failed, Pending, recorded_circumstances
from domain.outcome import Logs, error_sha256
from domain.redaction import remove_content
from domain.transitions import cancel, reject_engine, start
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import EXPIRED, a_version, claim, ending, losing, now, submitted
from tests.support.values import CIRCUMSTANCES, NOON, a_body, a_failure, a_pending, a_run, an_id

LATE: Final = NOON + timedelta(days=10_000)
EXTREMES: Final = (
    CIRCUMSTANCES,
    Circumstances(datetime(1970, 1, 1, tzinfo=UTC), "0" * 32),
    Circumstances(datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC), "f" * 32),
)


def repeating(pending: Pending, of: UUID | None = None, circumstances: Circumstances | None = None) -> Pending:
    return evolve(pending, submission=evolve(pending.submission, replay_of=of, circumstances=circumstances))


@pytest.mark.parametrize("circumstances", [*EXTREMES, None])
@pytest.mark.parametrize("of", [None, an_id()])
async def test_circumstances_and_the_repeated_execution_are_read_in_every_state(
    open_store: OpenStore, circumstances: Circumstances | None, of: UUID | None
) -> None:
    async with open_store(lease=EXPIRED) as store:
        pending = repeating(a_pending(await a_version(store)), of, circumstances)
        (await store.executions.add(NewExecution(pending, a_body()))).unwrap()
        assert await now(store, pending) == pending
        (lost,) = await claim(store.queue)
        assert await now(store, pending) == lost.running
        assert lost.running.submission == pending.submission
        assert await store.rival.reclaim(1, losing()) == [Pending(pending.submission, attempts=1)]
        (claimed,) = await claim(store.queue)
        ended = ending(claimed, a_run(circumstances=circumstances))
        await store.queue.finish([ended])
        assert await now(store, pending) == ended.execution
        assert await store.executions.page(ExecutionFilter(), None, 10) == [ended.execution]
        if circumstances is not None:
            assert recorded_circumstances(ended.execution) == circumstances


async def test_circumstances_of_an_execution_that_starts_directly_are_read_as_they_were_added(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        pending = repeating(a_pending(await a_version(store)), None, CIRCUMSTANCES)
        running = start(pending, Claim(an_id(), "one"), NOON)
        (await store.executions.add(NewExecution(running, a_body()))).unwrap()
        assert await now(store, pending) == running


Fail: TypeAlias = Callable[[Store, Claimed], Awaitable[object]]


async def fail(store: Store, claimed: Claimed) -> None:
    await store.queue.finish([ending(claimed, a_run(a_failure('é\0 "quoted"')))])


async def lose_for_good(store: Store, _: Claimed) -> None:
    await store.rival.reclaim(1, losing(attempts=1))


async def cancel_running(store: Store, claimed: Claimed) -> None:
    await store.executions.cancel(claimed.running, cancel(claimed.running, LATE))


async def lack_the_engine(store: Store, claimed: Claimed) -> None:
    failed = reject_engine(claimed.running, timedelta(seconds=1))
    await store.queue.finish([Completion(claimed.running.claim.id, failed, Logs(), None)])


async def digest_of(store: Store, pending: Pending) -> Failed:
    failed = await now(store, pending)
    assert isinstance(failed, Failed)
    return failed


@pytest.mark.parametrize("fail", [fail, lose_for_good, cancel_running, lack_the_engine])
async def test_the_digest_of_an_error_is_read_and_outlasts_its_text(open_store: OpenStore, fail: Fail) -> None:
    async with open_store(lease=EXPIRED) as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        await fail(store, claimed)
        failed = await digest_of(store, pending)
        assert failed.error_sha256 == error_sha256(failed.error) != digest(b"").sha256
        await store.executions.remove_content(remove_content(failed, LATE))
        assert (await digest_of(store, pending)).error_sha256 == failed.error_sha256


async def test_the_digest_of_a_cancellation_before_any_run_is_read(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (await store.executions.cancel(pending, cancel(pending, LATE))).unwrap()
        failed = await digest_of(store, pending)
        assert failed.error_sha256 == error_sha256(failed.error)


async def test_the_digest_of_an_error_outlasts_the_retention_of_its_text(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        await fail(store, claimed)
        failed = await digest_of(store, pending)
        await store.expired.remove_contents(timedelta(days=-1), UUID(int=0), 10, remove_content)
        removed = await digest_of(store, pending)
        assert removed.content_removed_at is not None
        assert removed.error_sha256 == failed.error_sha256
