"""The contract of every store for the logs of running executions: those of the valid claim are read, and no others."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.ports.live_logs import LogPart
from application.ports.queue import Claimed, Release
from domain.execution import Claim, Failed, Pending, Running, Unfinished, as_finished, as_unfinished
from domain.outcome import LogLevel, LogLine, Logs
from domain.redaction import remove_content
from domain.transitions import cancel as cancelling
from domain.transitions import release
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_batches import added
from tests.contracts.test_cancelling import cancelled
from tests.contracts.test_executions import EXPIRED, claim, ending, losing, now, submitted
from tests.support.values import NOON, an_id, log_lines

ONE, TWO, THREE = (LogLine(LogLevel.LOG, text) for text in ("é", "", "\U0001f4b3"))
LATE = NOON + timedelta(days=10_000)
End: TypeAlias = Callable[[Store, Claimed], Awaitable[object]]


async def running(store: Store) -> Claimed:
    await submitted(store)
    (claimed,) = await claim(store.queue)
    return claimed


async def appended(store: Store, of: Running, first_line: int, *lines: LogLine, truncated: bool = False) -> bool:
    stored = await store.live_logs.append([LogPart(of, first_line, Logs(lines, truncated))])
    assert stored <= {of.claim.id}
    return bool(stored)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(log_lines, max_size=3), max_size=5), st.booleans())
async def test_the_parts_of_an_attempt_are_one_log(
    open_store: OpenStore, parts: list[list[LogLine]], truncated: bool
) -> None:
    async with open_store() as store:
        attempt = (await running(store)).running
        log: tuple[LogLine, ...] = ()
        assert await store.live_logs.read(attempt) == Logs()
        for lines in parts:
            assert await appended(store, attempt, len(log), *lines)
            log = log + tuple(lines)
            assert await store.live_logs.read(attempt) == Logs(log)
        assert await appended(store, attempt, len(log), truncated=truncated)
        assert await store.live_logs.read(attempt) == Logs(log, truncated)


async def test_the_end_of_a_log_is_another_as_soon_as_something_was_added(open_store: OpenStore) -> None:
    async with open_store() as store:
        await submitted(store, 3)
        one, silent = [claimed.running for claimed in await claim(store.queue, 2)]
        ids = [*(each.submission.id for each in (one, silent)), an_id()]
        assert await store.live_logs.ends(ids) == {}
        seen = list[object]()
        for first_line, lines, truncated in ((0, (ONE,), False), (0, (ONE, TWO), False), (2, (), True)):
            await appended(store, one, first_line, *lines, truncated=truncated)
            found = await store.live_logs.ends(ids)
            assert list(found) == [one.submission.id]
            assert found == await store.live_logs.ends(ids)
            assert found[one.submission.id] not in seen
            seen.append(found[one.submission.id])
        await cancelled(store, one)
        assert await store.live_logs.ends(ids) == {}


async def test_a_part_that_is_sent_again_replaces_what_it_was(open_store: OpenStore) -> None:
    async with open_store() as store:
        attempt = (await running(store)).running
        await appended(store, attempt, 0, ONE)
        await appended(store, attempt, 1, TWO)
        await appended(store, attempt, 1, TWO, THREE, truncated=True)
        assert await store.live_logs.read(attempt) == Logs((ONE, TWO, THREE), truncated=True)


async def test_parts_of_several_runs_are_stored_at_once_and_kept_apart(open_store: OpenStore) -> None:
    async with open_store() as store:
        await submitted(store, 3)
        attempts = [one.running for one in await claim(store.queue, 3)]
        parts = [LogPart(one, 0, Logs((ONE,) * count)) for count, one in enumerate(attempts)]
        assert await store.live_logs.append(parts[::-1]) == {one.claim.id for one in attempts}
        assert [await store.live_logs.read(one) for one in attempts] == [part.logs for part in parts]


async def finish(store: Store, claimed: Claimed) -> None:
    await store.queue.finish([ending(claimed)])


async def let_go(store: Store, claimed: Claimed) -> None:
    await store.queue.release([Release(claimed.running.claim.id, release(claimed.running))])


async def cancel(store: Store, claimed: Claimed) -> None:
    await cancelled(store, claimed.running)


async def reclaim(store: Store, claimed: Claimed) -> None:
    await store.rival.reclaim(9, losing())


@pytest.mark.parametrize("end", [finish, let_go, cancel, reclaim])
async def test_the_end_of_a_claim_ends_its_log(open_store: OpenStore, end: End) -> None:
    async with open_store(lease=EXPIRED) as store:
        claimed = await running(store)
        await appended(store, claimed.running, 0, ONE)
        await end(store, claimed)
        assert await store.live_logs.read(claimed.running) is None
        assert not await appended(store, claimed.running, 1, TWO)
        await store.live_logs.purge()
        assert await store.live_logs.read(claimed.running) is None


async def lose_for_good(store: Store, claimed: Claimed) -> None:
    (lost,) = await store.rival.reclaim(9, losing(1))
    assert isinstance(lost, Failed)


@pytest.mark.parametrize("end", [cancel, lose_for_good])
@pytest.mark.parametrize("truncated", [False, True])
async def test_what_is_stored_of_a_run_that_is_stopped_becomes_the_log_of_its_execution(
    open_store: OpenStore, end: End, truncated: bool
) -> None:
    async with open_store(lease=EXPIRED) as store:
        claimed = await running(store)
        await appended(store, claimed.running, 0, ONE, TWO)
        await appended(store, claimed.running, 2, THREE, truncated=truncated)
        await end(store, claimed)
        assert not await appended(store, claimed.running, 3, ONE)
        log = Logs((ONE, TWO, THREE), truncated)
        assert await logs_of(store, claimed) == log
        await store.live_logs.purge()
        assert await store.queue.finish([ending(claimed)]) == {claimed.running.claim.id}
        assert await logs_of(store, claimed) == log
        finished = as_finished(await now(store, Pending(claimed.running.submission))).unwrap()
        await store.executions.remove_content(remove_content(finished, LATE))
        assert await logs_of(store, claimed) == Logs()


async def logs_of(store: Store, claimed: Claimed) -> Logs:
    report = await store.executions.report(claimed.running.submission.id, 0)
    assert report is not None
    return report.logs


async def test_a_cancellation_returns_the_log_that_it_has_kept(open_store: OpenStore) -> None:
    async with open_store() as store:
        *_, waiting = await submitted(store, 3)
        claimed, silent = await claim(store.queue, 2)
        await appended(store, claimed.running, 0, ONE)
        assert [await kept_by_cancelling(store, one.running) for one in (claimed, silent)] == [Logs((ONE,)), Logs()]
        assert await kept_by_cancelling(store, waiting) == Logs()


async def kept_by_cancelling(store: Store, read: Unfinished) -> Logs:
    return (await store.executions.cancel(read, cancelling(read, LATE))).unwrap()


@pytest.mark.parametrize("end", [let_go, reclaim])
@pytest.mark.parametrize("runs_again", [True, False])
async def test_the_log_of_an_earlier_claim_is_never_that_of_the_execution(
    open_store: OpenStore, end: End, runs_again: bool
) -> None:
    async with open_store(lease=EXPIRED) as store:
        first = await running(store)
        await appended(store, first.running, 0, ONE, TWO)
        await end(store, first)
        if runs_again:
            (second,) = await claim(store.rival)
            await appended(store, second.running, 0, THREE)
        read = as_unfinished(await now(store, Pending(first.running.submission))).unwrap()
        assert await kept_by_cancelling(store, read) == await logs_of(store, first)
        assert await logs_of(store, first) == Logs((THREE,) if runs_again else ())


async def test_of_a_cancelled_batch_each_run_keeps_its_log(open_store: OpenStore) -> None:
    async with open_store() as store:
        new = await added(store, 3)
        first, second = await claim(store.queue, 2)
        await appended(store, second.running, 0, TWO)
        await appended(store, second.running, 1, ONE)
        assert await store.batches.cancel(new.batch.id, LATE) == 3
        assert await logs_of(store, first) == Logs()
        assert await logs_of(store, second) == Logs((TWO, ONE))


@pytest.mark.parametrize("end", [let_go, reclaim])
async def test_the_log_of_another_attempt_begins_anew(open_store: OpenStore, end: End) -> None:
    async with open_store(lease=EXPIRED) as store:
        first = await running(store)
        await appended(store, first.running, 0, ONE, TWO)
        await end(store, first)
        (second,) = await claim(store.rival)
        assert await store.live_logs.read(second.running) == Logs()
        await appended(store, second.running, 0, THREE)
        assert not await appended(store, first.running, 2, ONE)
        await store.live_logs.purge()
        assert await store.live_logs.read(second.running) == Logs((THREE,))


async def test_an_unknown_execution_has_none(open_store: OpenStore) -> None:
    async with open_store() as store:
        claimed = await running(store)
        other = Running(claimed.running.submission, 1, Claim(an_id(), "one"), NOON)
        assert await store.live_logs.read(other) is None
        assert not await appended(store, other, 0, ONE)
        assert await store.live_logs.append([]) == frozenset()


async def test_parts_that_meet_the_end_of_their_attempt_are_never_seen_after_it(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)

        async def append() -> None:
            for number in range(10):
                await appended(store, claimed.running, number, ONE)

        await asyncio.gather(append(), finish(store, claimed), store.live_logs.purge())
        finished = as_finished(await now(store, pending)).unwrap()
        assert await store.live_logs.read(claimed.running) is None
        await store.executions.remove_content(remove_content(finished, LATE))
        assert await store.live_logs.read(claimed.running) is None
