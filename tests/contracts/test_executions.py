"""The contract of every store for executions, and of its queue for workers."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from attrs import evolve

from application.ports.executions import ExecutionFilter, NewExecution
from application.ports.queue import Claimed, Completion, Queue, Release
from application.ports.stored_bodies import PART_BYTES
from domain.execution import Attribution, Claim, Execution, Failed, Pending, Running, State, Succeeded, state_of
from domain.outcome import (
    ErrorKind,
    LogLevel,
    LogLine,
    Logs,
    Produced,
    Rejected,
    Run,
    script_error,
    with_exactness,
)
from domain.transitions import finish, lose, release, start
from domain.versions import ScriptVersion
from domain.warnings import (
    ExecutionWarning,
    NumberWarning,
    RunWarningKind,
    SourceWarningKind,
    number_warning,
    run_warning,
    source_warning,
)
from domain.warnings import NumberWarningKind as Kind
from tests.contracts.conftest import OpenStore, Store
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run, a_script, an_id

EXPIRED = timedelta(0)
ROUNDED = (
    number_warning(Kind.INTEGER_PRECISION, "1 integer was rounded", '/a"\\ \0\ud83d💳/0'),
    number_warning(Kind.DECIMAL_PRECISION, "1 decimal was rounded", None),
)
NULLED: tuple[ExecutionWarning, ...] = (
    number_warning(Kind.NON_FINITE_NUMBER, "1 number is null", ""),
    *(run_warning(kind, "é\0") for kind in RunWarningKind),
)
LINES = (LogLine(LogLevel.LOG, "é"), LogLine(LogLevel.ERROR, ""))


async def a_version(store: Store, name: str = "corporate-cards") -> ScriptVersion:
    script, version = a_script(name)
    (await store.scripts.add(script, version)).unwrap()
    return version


async def submitted(store: Store, count: int = 1, version: ScriptVersion | None = None) -> list[Pending]:
    chosen = version or await a_version(store)
    pending = [a_pending(chosen) for _ in range(count)]
    for one in pending:
        await store.executions.add(NewExecution(one, a_body()))
    return pending


def starting(worker: str = "one") -> Callable[[Pending, datetime], Running]:
    return lambda pending, at: start(pending, Claim(an_id(), worker), at)


def losing(attempts: int = 3) -> Callable[[Running, datetime], Pending | Failed]:
    return lambda running, at: lose(running, at, attempts)


async def claim(queue: Queue, count: int = 1) -> Sequence[Claimed]:
    return await queue.claim(count, starting())


def ending(claimed: Claimed, run: Run | None = None) -> Completion:
    chosen = run or a_run()
    result = chosen.outcome.result if isinstance(chosen.outcome, Produced) else None
    ended = finish(claimed.running, chosen, timedelta(milliseconds=5))
    return Completion(claimed.running.claim.id, ended, chosen.logs, result)


async def now(store: Store, pending: Pending) -> Execution:
    report = await store.executions.report(pending.submission.id, 100)
    assert report is not None
    return report.execution


@pytest.mark.parametrize("size", [PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 5 * PART_BYTES + 7])
async def test_a_large_body_is_read_in_parts_repeatedly(open_store: OpenStore, size: int) -> None:
    body = a_body(bytes(range(256)) * (size // 256) + bytes(size % 256))
    async with open_store() as store:
        pending = a_pending(await a_version(store), dataset=body)
        await store.executions.add(NewExecution(pending, body))
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed, a_run(Produced(body)))])
        for read in (store.executions.dataset, store.executions.result):
            stored = await read(pending.submission.id)
            assert stored is not None
            assert await whole(stored) == await whole(stored) == body
            assert max([len(part) async for part in stored.parts()]) <= stored.held_bytes


async def test_a_submission_is_read_as_it_was_added(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        report = await store.executions.report(pending.submission.id, 100)
        assert report is not None
        assert (report.execution, report.logs, report.result) == (pending, Logs(), None)
        assert await whole(await store.executions.dataset(pending.submission.id)) == a_body()
        assert await whole(await store.executions.result(pending.submission.id)) is None


async def test_an_unknown_execution_is_not_found(open_store: OpenStore) -> None:
    async with open_store() as store:
        assert await store.executions.report(an_id(), 100) is None
        assert await whole(await store.executions.dataset(an_id())) is None
        assert await whole(await store.executions.result(an_id())) is None
        assert await store.executions.page(ExecutionFilter(), None, 10) == []


async def test_a_claim_holds_all_that_a_run_needs(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        (pending,) = await submitted(store, version=version)
        (claimed,) = await claim(store.queue)
        assert claimed.running.submission == pending.submission
        assert (claimed.source, claimed.dataset) == (version.source, a_body())
        assert claimed.running.attempt == 1
        assert await now(store, pending) == claimed.running
        assert claimed.running.started_at > NOON


async def test_a_claim_takes_the_oldest_up_to_the_count(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 5)
        claimed = [*await claim(store.queue, 2), *await claim(store.queue, 2), *await claim(store.queue, 2)]
        assert [one.running.submission for one in claimed] == [one.submission for one in pending]


async def test_concurrent_claims_share_the_work_and_none_is_claimed_twice(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 12)
        batches = await asyncio.gather(*(claim(queue, 3) for queue in (store.queue, store.rival) * 4))
        taken = [one.running.submission.id for batch in batches for one in batch]
        assert sorted(taken) == [one.submission.id for one in pending]


@pytest.mark.parametrize(
    "run", [a_run(lines=LINES), a_run(a_failure(), LINES), a_run(isolation=None), a_run(a_failure())]
)
async def test_a_completion_is_read_with_its_logs_and_result(open_store: OpenStore, run: Run) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        ended = ending(claimed, run)
        assert await store.queue.finish([ended]) == frozenset()
        report = await store.executions.report(pending.submission.id, 100)
        assert report is not None
        assert (report.execution, report.logs, report.result) == (ended.execution, ended.logs, ended.result)
        assert await whole(await store.executions.result(pending.submission.id)) == ended.result


def rounded(pending: Pending, warnings: tuple[NumberWarning, ...] = ROUNDED) -> Pending:
    return evolve(pending, submission=evolve(pending.submission, warnings=warnings))


@pytest.mark.parametrize("run", [a_run(warnings=NULLED), a_run(a_failure(), warnings=NULLED), a_run()])
async def test_warnings_are_read_in_every_state(open_store: OpenStore, run: Run) -> None:
    async with open_store() as store:
        pending = rounded(a_pending(await a_version(store)))
        await store.executions.add(NewExecution(pending, a_body()))
        assert await now(store, pending) == pending
        (claimed,) = await claim(store.queue)
        assert await now(store, pending) == claimed.running == evolve(claimed.running, submission=pending.submission)
        ended = ending(claimed, run)
        await store.queue.finish([ended])
        assert await now(store, pending) == ended.execution
        assert await store.executions.page(ExecutionFilter(), None, 10) == [ended.execution]


async def test_a_claim_has_the_warnings_of_its_version(open_store: OpenStore) -> None:
    warnings = (source_warning(SourceWarningKind.UNSUPPORTED_REGEXP, "the flag `v`", 1, 2),)
    async with open_store() as store:
        script, version = a_script("warned", warnings=warnings)
        (await store.scripts.add(script, version)).unwrap()
        await store.executions.add(NewExecution(a_pending(version, "warned"), a_body()))
        (claimed,) = await claim(store.queue)
        assert claimed.source_warnings == warnings


@pytest.mark.parametrize("exact", [True, False])
async def test_the_exactness_of_a_position_is_kept(open_store: OpenStore, exact: bool) -> None:
    error = with_exactness(script_error(ErrorKind.SCRIPT_ERROR, "x", 1, 2), exact)
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed, a_run(Rejected(error)))])
        failed = await now(store, pending)
        assert isinstance(failed, Failed)
        assert failed.error == error


async def test_a_lost_execution_keeps_the_warnings_of_its_dataset(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        pending = rounded(a_pending(await a_version(store)))
        await store.executions.add(NewExecution(pending, a_body()))
        await claim(store.queue)
        assert await store.rival.reclaim(10, losing()) == [Pending(pending.submission, attempts=1)]


async def test_a_result_over_the_requested_size_is_left_out_of_the_report(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed, a_run(Produced(a_body(b"[12345]"))))])
        small, large = [await store.executions.report(pending.submission.id, size) for size in (6, 7)]
        assert small is not None
        assert large is not None
        assert (small.result, large.result) == (None, a_body(b"[12345]"))


async def test_an_interrupted_claim_changes_nothing(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 3)
        started: list[Pending] = []

        def break_off(one: Pending, at: datetime) -> Running:
            started.append(one)
            if len(started) == 2:
                raise ZeroDivisionError
            return starting()(one, at)

        with pytest.raises(ZeroDivisionError):
            await store.queue.claim(3, break_off)
        assert [await now(store, one) for one in pending] == pending


async def test_a_batch_of_completions_is_stored_whole(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 300)
        claimed = await claim(store.queue, 300)
        runs = [a_run(a_failure(str(number))) if number % 3 else a_run(lines=LINES) for number in range(300)]
        endings = [ending(one, run) for one, run in zip(claimed, runs, strict=True)]
        assert await store.queue.finish(endings) == frozenset()
        assert [await now(store, one) for one in pending] == [one.execution for one in endings]


async def test_a_second_completion_of_one_claim_is_discarded(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        first, second = ending(claimed), ending(claimed, a_run(a_failure()))
        await store.queue.finish([first])
        assert await store.queue.finish([second]) == {claimed.running.claim.id}
        assert await now(store, pending) == first.execution


async def test_in_a_batch_only_the_stale_completion_is_discarded(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 3)
        claimed = await claim(store.queue, 3)
        await store.queue.release([Release(claimed[1].running.claim.id, release(claimed[1].running))])
        assert await store.queue.finish([ending(one) for one in claimed]) == {claimed[1].running.claim.id}
        states = [state_of(await now(store, one)) for one in pending]
        assert states == [State.SUCCEEDED, State.PENDING, State.SUCCEEDED]


@pytest.mark.parametrize("stale_first", [True, False])
async def test_of_two_completions_of_one_execution_in_a_batch_the_valid_one_is_stored_whole(
    open_store: OpenStore, stale_first: bool
) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (old,) = await claim(store.queue)
        await store.queue.release([Release(old.running.claim.id, release(old.running))])
        (new,) = await claim(store.queue)
        stale = ending(old, a_run(Produced(a_body(b'"stale"'))))
        true = ending(new, a_run(Produced(a_body(b'"true"')), lines=LINES))
        dropped = await store.queue.finish([stale, true] if stale_first else [true, stale])
        assert dropped == {old.running.claim.id}
        report = await store.executions.report(pending.submission.id, 100)
        assert report is not None
        assert (report.execution, report.result, report.logs) == (true.execution, true.result, true.logs)


async def test_a_released_execution_can_be_claimed_again_and_the_old_claim_is_stale(open_store: OpenStore) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (old,) = await claim(store.queue)
        assert await store.queue.release([Release(old.running.claim.id, release(old.running))]) == frozenset()
        (new,) = await claim(store.rival)
        assert new.running.attempt == 1
        assert await store.queue.finish([ending(old)]) == {old.running.claim.id}
        assert await store.queue.release([Release(old.running.claim.id, release(old.running))]) == {
            old.running.claim.id
        }
        assert await store.rival.finish([ending(new)]) == frozenset()
        assert await now(store, pending) == ending(new).execution


async def test_a_lease_holds_an_execution_until_it_expires(open_store: OpenStore) -> None:
    async with open_store() as store:
        await submitted(store)
        (claimed,) = await claim(store.queue)
        assert await store.rival.reclaim(10, losing()) == []
        assert await store.queue.renew([claimed.running]) == frozenset()


async def test_an_expired_lease_gives_the_execution_to_another_worker_and_the_late_finish_is_refused(
    open_store: OpenStore,
) -> None:
    async with open_store(lease=EXPIRED) as store:
        (pending,) = await submitted(store)
        (lost,) = await claim(store.queue)
        assert await store.rival.reclaim(10, losing()) == [Pending(pending.submission, attempts=1)]
        assert await store.queue.renew([lost.running]) == {lost.running.claim.id}
        (again,) = await claim(store.rival)
        assert again.running.attempt == 2
        assert await store.queue.finish([ending(lost)]) == {lost.running.claim.id}
        assert await store.rival.finish([ending(again)]) == frozenset()
        assert await now(store, pending) == ending(again).execution


async def test_an_execution_lost_too_often_has_failed(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        (pending,) = await submitted(store)
        await claim(store.queue)
        (failed,) = await store.rival.reclaim(10, losing(attempts=1))
        assert isinstance(failed, Failed)
        assert failed.error.kind is ErrorKind.WORKER_LOST
        assert await now(store, pending) == failed
        assert await claim(store.rival) == []


async def test_reclaiming_takes_no_more_than_the_count(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        await submitted(store, 5)
        await claim(store.queue, 5)
        assert [len(await store.rival.reclaim(2, losing())) for _ in range(4)] == [2, 2, 1, 0]


async def test_renewing_nothing_is_no_error(open_store: OpenStore) -> None:
    async with open_store() as store:
        assert await store.queue.renew([]) == frozenset()
        assert await store.queue.finish([]) == frozenset()
        assert await store.queue.release([]) == frozenset()


async def test_pages_go_from_the_newest_to_the_oldest_without_gap(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 7)
        shown: list[Execution] = []
        while page := await store.executions.page(ExecutionFilter(), shown[-1].submission.id if shown else None, 3):
            shown += page
        assert shown == pending[::-1]


async def test_a_filter_selects_executions_that_match_all_its_members(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, other = await a_version(store), await a_version(store, "other")
        mine = [
            evolve(one, submission=evolve(one.submission, submitted_at=NOON + timedelta(hours=hour)))
            for hour, one in enumerate([a_pending(version) for _ in range(4)])
        ]
        for one in [*mine, a_pending(other, "other")]:
            await store.executions.add(NewExecution(one, a_body()))
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed)])
        ended = await now(store, mine[0])
        assert isinstance(ended, Succeeded)

        async def shown(wanted: ExecutionFilter) -> list[Execution]:
            return list(await store.executions.page(wanted, None, 10))

        own = ExecutionFilter(script=version.script_id)
        assert await shown(own) == [*mine[:0:-1], ended]
        assert await shown(evolve(own, version=1, state=State.SUCCEEDED)) == [ended]
        assert await shown(evolve(own, version=2)) == []
        assert await shown(ExecutionFilter(state=State.RUNNING)) == []
        hours = [NOON + timedelta(hours=hour) for hour in range(4)]
        assert await shown(evolve(own, submitted_from=hours[1], submitted_to=hours[3])) == [mine[2], mine[1]]
        for earlier, later in pairwise(hours):
            assert len(await shown(evolve(own, submitted_from=earlier, submitted_to=later))) == 1


async def test_readers_are_woken_when_it_ends(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = await submitted(store, 2)
        with (
            store.endings.watch(pending[0].submission.id) as ended,
            store.endings.watch(pending[1].submission.id) as other,
        ):
            (claimed,) = await claim(store.queue)
            await store.queue.finish([ending(claimed)])
            await asyncio.wait_for(ended.wait(), 5)
            assert not other.is_set()


async def test_readers_are_woken_when_it_is_lost_for_good(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        (pending,) = await submitted(store)
        with store.endings.watch(pending.submission.id) as ended:
            await claim(store.queue)
            await store.rival.reclaim(1, losing(attempts=1))
            await asyncio.wait_for(ended.wait(), 5)


async def test_executions_over_the_stored_dataset_of_another_one_are_listed_by_it(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, original = await a_version(store), an_id()
        plain = await submitted(store, 2, version)
        over = [
            _over(one, of)
            for one, of in zip([a_pending(version) for _ in range(3)], (original, an_id(), original), strict=True)
        ]
        for pending in over:
            (await store.executions.add(NewExecution(pending, a_body()))).unwrap()

        async def shown(wanted: ExecutionFilter) -> list[Execution]:
            return list(await store.executions.page(wanted, None, 10))

        assert await shown(ExecutionFilter(input_of=original)) == [over[2], over[0]]
        assert await shown(ExecutionFilter(input_of=original, state=State.FAILED)) == []
        assert await shown(ExecutionFilter(input_of=plain[0].submission.id)) == []
        assert await shown(ExecutionFilter()) == [*reversed(over), *reversed(plain)]


def _over(pending: Pending, original: UUID) -> Pending:
    attribution = Attribution(input_of=original)
    return evolve(pending, submission=evolve(pending.submission, attribution=attribution))
