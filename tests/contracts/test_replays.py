"""The contract of every store for executions with circumstances of their own, those that repeat another one among them,
and for the digests of errors."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import pytest
from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure

from application.ports.errors import Conflict
from application.ports.executions import ExecutionFilter, Expected, NewExecution
from application.ports.queue import Claimed, Completion, Release
from domain.body import digest
from domain.circumstances import Circumstances
from domain.execution import Claim, Failed, Pending, State
from domain.outcome import ErrorKind, Logs, Rejected, error_sha256, script_error
from domain.recorded import recorded_circumstances
from domain.redaction import remove_content
from domain.transitions import cancel, reject_engine, release, start
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import EXPIRED, a_version, claim, ending, losing, now, starting, submitted
from tests.support.values import CIRCUMSTANCES, NOON, a_body, a_failure, a_pending, a_run, a_script, an_id

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
        claim = store.queue.claim if of is None else store.queue.claim_replays
        (lost,) = await claim(1, starting())
        assert await now(store, pending) == lost.running
        assert lost.running.submission == pending.submission
        assert await store.rival.reclaim(1, losing()) == [Pending(pending.submission, attempts=1)]
        (claimed,) = await claim(1, starting())
        ended = ending(claimed, a_run(circumstances=circumstances))
        await store.queue.finish([ended])
        assert await now(store, pending) == ended.execution
        assert await store.executions.page(ExecutionFilter(replays=True), None, 10) == [ended.execution]
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


async def remove_alone(store: Store, failed: Failed) -> None:
    await store.executions.remove_content(remove_content(failed, LATE))


async def remove_expired(store: Store, _: Failed) -> None:
    await store.expired.remove_contents(timedelta(days=-1), UUID(int=0), 10, remove_content)


@pytest.mark.parametrize("remove", [remove_alone, remove_expired])
@pytest.mark.parametrize("kind", [ErrorKind.SCRIPT_ERROR, ErrorKind.TIMEOUT])
async def test_an_error_that_was_stored_without_a_digest_gets_it_when_its_text_is_removed(
    open_store: OpenStore, remove: Callable[[Store, Failed], Awaitable[None]], kind: ErrorKind
) -> None:
    async with open_store() as store:
        (pending,) = await submitted(store)
        (claimed,) = await claim(store.queue)
        ended = ending(claimed, a_run(Rejected(script_error(kind, "quoted", 1, 2, "at process"))))
        assert isinstance(ended.execution, Failed)
        await store.queue.finish([evolve(ended, execution=evolve(ended.execution, error_sha256=None))])
        failed = await digest_of(store, pending)
        assert failed.error_sha256 is None
        await remove(store, failed)
        removed = await digest_of(store, pending)
        assert removed.content_removed_at is not None
        assert removed.error_sha256 == error_sha256(failed.error) == ended.execution.error_sha256


async def replays_of(store: Store, version: ScriptVersion, count: int) -> list[Pending]:
    original = an_id()
    replays = [repeating(a_pending(version), original, CIRCUMSTANCES) for _ in range(count)]
    for one in replays:
        (await store.executions.add(NewExecution(one, a_body()))).unwrap()
    return replays


def ids(batch: Sequence[Claimed] | Sequence[Pending]) -> list[UUID]:
    return [one.running.submission.id if isinstance(one, Claimed) else one.submission.id for one in batch]


async def test_replays_are_claimed_apart_and_wait_behind_all_others(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        replays = await replays_of(store, version, 5)
        assert await store.executions.waiting(9) == 0
        others = await submitted(store, 2, version)
        assert await store.executions.waiting(9) == 2
        assert [await store.executions.replays_waiting(up_to) for up_to in (4, 9)] == [4, 5]
        assert ids(await claim(store.queue, 9)) == ids(others)
        assert await claim(store.queue, 9) == []
        assert ids(await store.queue.claim_replays(3, starting())) == ids(replays[:3])
        assert await store.executions.replays_waiting(9) == 2
        assert ids(await store.rival.claim_replays(9, starting())) == ids(replays[3:])
        assert await store.queue.claim_replays(9, starting()) == []


async def test_replays_of_several_scripts_take_turns_of_their_own(open_store: OpenStore) -> None:
    async with open_store(script_runs=3) as store:
        busy, quiet = await a_version(store, "busy"), await a_version(store, "quiet")
        await replays_of(store, busy, 9)
        await replays_of(store, quiet, 2)
        await submitted(store, 1, busy)
        assert len(await claim(store.queue, 9)) == 1  # takes a run from the cap, and no turn from the replays
        first = await store.queue.claim_replays(2, starting())
        assert {one.running.submission.script.id for one in first} == {busy.script_id, quiet.script_id}
        rest = await store.queue.claim_replays(9, starting())
        assert Counter(one.running.submission.script.id for one in rest) == {busy.script_id: 1, quiet.script_id: 1}
        excluded = {busy.engine}
        assert await store.queue.claim_replays(9, starting(), excluded) == []


async def test_a_released_or_lost_replay_is_still_behind_all_others(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        first, second = await replays_of(store, await a_version(store), 2)
        one, _ = await store.queue.claim_replays(2, starting())
        await store.queue.release([Release(one.running.claim.id, release(one.running))])
        assert [lost.submission.id for lost in await store.rival.reclaim(9, losing())] == [second.submission.id]
        assert await claim(store.queue, 9) == []
        again = await store.queue.claim_replays(9, starting())
        assert [(each.running.submission, each.running.attempt) for each in again] == [
            (first.submission, 1),
            (second.submission, 2),
        ]


async def test_replays_are_listed_on_request_or_by_the_execution_that_they_repeat(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        (original,) = await submitted(store, 1, version)
        first, second = await replays_of(store, version, 2)
        (other,) = await replays_of(store, version, 1)

        async def shown(wanted: ExecutionFilter) -> list[UUID]:
            return [one.submission.id for one in await store.executions.page(wanted, None, 10)]

        of = first.submission.replay_of
        assert await shown(ExecutionFilter()) == ids([original])
        assert await shown(ExecutionFilter(script=version.script_id, state=State.PENDING)) == ids([original])
        assert await shown(ExecutionFilter(replays=True)) == ids([other, second, first, original])
        assert await shown(ExecutionFilter(replays=True, state=State.PENDING)) == ids([other, second, first, original])
        assert await shown(ExecutionFilter(replay_of=of)) == ids([second, first])
        assert await shown(ExecutionFilter(replay_of=of, version=1, state=State.PENDING)) == ids([second, first])
        assert await shown(ExecutionFilter(replay_of=of, state=State.FAILED)) == []
        assert await shown(ExecutionFilter(replay_of=original.submission.id, replays=True)) == []


async def test_a_replay_is_stored_although_its_script_is_archived_and_its_original_deleted(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        script, version = a_script()
        (await store.scripts.add(script, version)).unwrap()
        (original,) = await submitted(store, 1, version)
        (claimed,) = await claim(store.queue)
        await store.queue.finish([ending(claimed)])
        await store.scripts.set_archived_at(evolve(script, archived_at=NOON))
        replay = repeating(a_pending(version), original.submission.id, CIRCUMSTANCES)
        refused = a_pending(version)
        added = await asyncio.gather(
            store.executions.add(NewExecution(refused, a_body())),
            store.executions.add(NewExecution(replay, a_body(), expected=Expected(must_be_open=False))),
        )
        assert [is_successful(one) for one in added] == [False, True]
        unknown = repeating(a_pending(evolve(version, script_id=an_id())), an_id())
        stored = await store.executions.add(NewExecution(unknown, a_body(), expected=Expected(must_be_open=False)))
        assert stored == Failure(Conflict())
        await store.expired.delete(timedelta(days=-1), UUID(int=0), 10)
        assert await store.executions.report(original.submission.id, 0) is None
        assert await now(store, replay) == replay


async def test_an_installation_has_one_id_for_all_its_processes(open_store: OpenStore) -> None:
    async with open_store() as store:
        first = await store.installation.installation_id()
        assert first == await store.rival_installation.installation_id() == await store.installation.installation_id()
