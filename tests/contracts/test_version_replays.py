"""The contract of every store for replays on versions, and of the processes that carry them on."""

from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from attrs import evolve

from application.ports.access import AuditFilter
from application.ports.executions import NewExecution
from application.ports.version_replays import (
    NewVersionReplay,
    OpenExecution,
    ReplayRecord,
    Settlement,
    StoredColumns,
    StoredDifferences,
)
from domain.audit import Action, Actor
from domain.comparison.values import Tolerance
from domain.execution import Finished, Pending, Succeeded
from domain.redaction import remove_content
from domain.replay_sums import ReplayCounts, RowCounts
from domain.replayed_executions import (
    EQUAL,
    ReplayedExecution,
    ReplayOutcome,
    ReplayReason,
    Settled,
    incomplete,
    skipped,
)
from domain.retention import ScriptRetention
from domain.script import Script, ScriptName
from domain.version_replays import (
    Acceptance,
    ChosenExecutions,
    LatestExecutions,
    ReplayReport,
    ReplayRequest,
    ReplayStatus,
    Selection,
    VersionReplay,
    accept,
    acceptance_note,
)
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import EXPIRED, a_version, claim, ending, now, starting, submitted
from tests.support.values import CIRCUMSTANCES, NOON, a_body, a_pending, an_id

LATER: Final = NOON + timedelta(days=1)
NONE_YET: Final = ReplayCounts(total=0)
HUGE: Final = 2**70
CHANGED: Final = Settled(ReplayOutcome.CHANGED, detail="some do not fit", rows=RowCounts(1, 2, 3, 4))
COLUMNS: Final = '[["é",[1,1,1.5E+400,null]]]'.encode()
DIFFERENCES: Final = a_body('[{"é":1}]'.encode())


def a_replay(version: ScriptVersion, selection: Selection | None = None, by: UUID | None = None) -> VersionReplay:
    return VersionReplay(
        id=an_id(),
        script_id=version.script_id,
        version=version.number,
        created_at=NOON,
        created_by=by,
        request=ReplayRequest(
            selection=selection or LatestExecutions(7, NOON, 3),
            key=("id", 'é"'),
            tolerance=Tolerance(Decimal("0.1"), Decimal("1E-9")),
        ),
    )


async def added(store: Store, version: ScriptVersion, originals: int = 1) -> tuple[VersionReplay, list[Pending]]:
    """Add a replay of that many executions, of which each is pending."""
    replay, pending = a_replay(version), [a_pending(version) for _ in range(originals)]
    replays = [evolve(one, submission=evolve(one.submission, replay_of=an_id())) for one in pending]
    executions = [
        ReplayedExecution(number, one.submission.replay_of or an_id(), one.submission.id)
        for number, one in enumerate(replays)
    ]
    await store.replays.add(NewVersionReplay(replay, tuple(executions), Actor()))
    return replay, replays


async def run(store: Store, pending: Pending) -> Finished:
    """Add an execution of a replay, and run it."""
    circumstances = evolve(pending, submission=evolve(pending.submission, circumstances=CIRCUMSTANCES))
    (await store.executions.add(NewExecution(circumstances, a_body()))).unwrap()
    (claimed,) = await store.queue.claim_replays(1, starting())
    ended = ending(claimed)
    await store.queue.finish([ended])
    return ended.execution


async def found(store: Store, replay_id: UUID) -> ReplayRecord:
    record = await store.replays.find(replay_id)
    assert record is not None
    return record


async def executions(store: Store, replay_id: UUID) -> list[ReplayedExecution]:
    return list(await store.replays.executions(replay_id, 0, 100))


async def test_a_replay_is_read_as_it_was_added(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        for selection in (ChosenExecutions((an_id(), an_id())), LatestExecutions(1), None):
            replay = a_replay(version, selection)
            members = tuple(ReplayedExecution(number, an_id(), an_id()) for number in range(3))
            await store.replays.add(NewVersionReplay(replay, members, Actor(request_id="a-request")))
            name = ScriptName("corporate-cards")
            record = ReplayRecord(replay=replay, script_name=name, report=ReplayReport(ReplayCounts(total=3)))
            assert await found(store, replay.id) == record
            assert await store.replays.page(version.script_id, 1, None, 1) == [record]
        assert await executions(store, replay.id) == list(members)
        assert await store.replays.executions(replay.id, 1, 1) == [members[1]]
        assert await store.replays.find(an_id()) is None
        assert await store.replays.executions(an_id(), 0, 9) == []
        (audited, *_) = await store.audit.page(AuditFilter(action=Action.REPLAYED), None, 9)
        event = audited.event
        assert (event.script_id, event.version, event.replay_id) == (version.script_id, 1, replay.id)
        assert event.actor == Actor(request_id="a-request")


async def test_pages_are_of_one_version_and_newest_first(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, other = await a_version(store), await a_version(store, "other")
        ids = [(await added(store, version))[0].id for _ in range(3)]
        await added(store, other)
        page = await store.replays.page(version.script_id, 1, None, 2)
        assert [one.replay.id for one in page] == ids[:0:-1]
        rest = await store.replays.page(version.script_id, 1, page[-1].replay.id, 2)
        assert [one.replay.id for one in rest] == ids[:1]
        assert await store.replays.page(version.script_id, 2, None, 9) == []


async def test_the_latest_are_finished_executions_of_that_script_that_repeat_no_other(open_store: OpenStore) -> None:
    async with open_store() as store:
        version, other = await a_version(store), await a_version(store, "other")
        second = evolve(version, number=2)
        (await store.scripts.add_version(second)).unwrap()
        first = await submitted(store, 2, version)
        newer = await submitted(store, 2, second)
        await submitted(store, 1, other)
        for _ in range(5):
            (claimed,) = await claim(store.queue)
            await store.queue.finish([ending(claimed)])
        _, (replayed,) = await added(store, version)
        await run(store, replayed)
        await submitted(store, 1, version)
        newest_first = [one.submission.id for one in reversed([*first, *newer])]
        latest, of = store.replays.latest, version.script_id
        assert await latest(of, LatestExecutions(9)) == newest_first
        assert await latest(of, LatestExecutions(3)) == newest_first[:3]
        assert await latest(of, LatestExecutions(9, of_version=1)) == newest_first[2:]
        assert await latest(of, LatestExecutions(9, since=NOON)) == newest_first
        assert await latest(of, LatestExecutions(9, since=LATER)) == []
        assert await store.replays.scripts_of([newest_first[0], an_id()]) == {newest_first[0]: of}
        bare = await now(store, newer[1])
        assert isinstance(bare, Succeeded)
        await remove(store, bare)
        assert await latest(of, LatestExecutions(9)) == newest_first[1:]


async def test_a_replay_is_carried_on_by_one_process_until_its_lease_expires(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        one, two = (await added(store, version))[0], (await added(store, version))[0]
        assert [taken.id for taken in await store.replay_work.take(1)] == [one.id]
        assert [taken.id for taken in await store.rival_replay_work.take(9)] == [two.id]
        assert [taken.id for taken in await store.replay_work.take(9)] == [one.id]
        assert (await found(store, one.id)).replay.status is ReplayStatus.RUNNING
        await store.replay_work.renew([one.id, two.id])
        await store.replay_work.release()
        assert [taken.id for taken in await store.rival_replay_work.take(9)] == [one.id, two.id]
        assert await store.replay_work.take(9) == []
        assert (await found(store, one.id)).replay == evolve(one, has_begun=True)


async def test_a_replay_of_a_dead_process_is_taken_over_and_a_renewal_keeps_it(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        replay, _ = await added(store, await a_version(store))
        for work in (store.replay_work, store.rival_replay_work, store.replay_work):
            assert [taken.id for taken in await work.take(9)] == [replay.id]
        await store.rival_replay_work.renew([replay.id])  # which is another's now


async def test_executions_are_open_until_they_are_settled_and_are_settled_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        replay, pending = await added(store, await a_version(store), 3)
        first, second, third = await executions(store, replay.id)
        await run(store, pending[0])
        (await store.executions.add(NewExecution(pending[1], a_body()))).unwrap()
        work = store.replay_work
        assert await work.open_executions(replay.id, 9) == [
            OpenExecution(first, is_added=True, is_finished=True),
            OpenExecution(second, is_added=True, is_finished=False),
            OpenExecution(third, is_added=False, is_finished=False),
        ]
        assert await work.open_executions(replay.id, 1) == [OpenExecution(first, True, True)]
        assert await work.settle(Settlement(second, CHANGED))
        assert not await work.settle(Settlement(second, EQUAL))
        assert not await store.rival_replay_work.settle(Settlement(second, skipped(ReplayReason.NO_RUN)))
        assert not await work.settle(Settlement(ReplayedExecution(0, an_id(), an_id()), EQUAL))
        assert [one.execution for one in await work.open_executions(replay.id, 9)] == [first, third]
        assert (await executions(store, replay.id))[1] == evolve(second, settled=CHANGED)
        assert await work.settle(Settlement(third, incomplete(ReplayReason.KEY_NOT_UNIQUE, "é")))
        report = (await found(store, replay.id)).report
        assert report.counts == ReplayCounts(total=3, changed=1, incomplete=1)
        assert report.rows == RowCounts(1, 2, 3, 4)


async def test_a_replay_finishes_once_and_not_before_all_are_settled(open_store: OpenStore) -> None:
    report = ReplayReport(ReplayCounts(total=1, changed=1), RowCounts(1, 2, 3, HUGE))
    async with open_store() as store:
        replay, _ = await added(store, await a_version(store))
        (one,) = await executions(store, replay.id)
        await store.replay_work.take(1)
        assert not await store.replay_work.finish(replay.id, report)
        await store.replay_work.settle(Settlement(one, CHANGED))
        with store.endings.watch(replay.id) as finished:
            assert await store.replay_work.finish(replay.id, report)
            await finished.wait()
        assert not await store.rival_replay_work.finish(replay.id, ReplayReport(NONE_YET))
        assert not await store.replay_work.finish(an_id(), report)
        record = await found(store, replay.id)
        assert record.report == report
        assert record.replay.status is ReplayStatus.FINISHED
        assert record.replay.finished_at is not None
        assert await store.replay_work.take(9) == []


async def finished(store: Store) -> ReplayRecord:
    replay, _ = await added(store, await a_version(store), 0)
    await store.replay_work.take(1)
    assert await store.replay_work.finish(replay.id, ReplayReport(NONE_YET))
    return await found(store, replay.id)


async def test_the_first_acceptance_is_kept_and_audited(open_store: OpenStore) -> None:
    async with open_store() as store:
        replay = (await finished(store)).replay
        key = an_id()
        assert replay.finished_at is not None
        for note, by in (('as "wanted"', key), ("again", None)):
            accepted = accept(
                replay, acceptance_note(note).unwrap(), replay.finished_at + timedelta(seconds=1), by
            ).unwrap()
            await store.replays.accept(accepted, Actor(by))
        kept = (await found(store, replay.id)).replay
        assert kept.acceptance == Acceptance(replay.finished_at + timedelta(seconds=1), 'as "wanted"', key)
        (audited,) = await store.audit.page(AuditFilter(action=Action.ACCEPTED_REPLAY), None, 9)
        assert (audited.event.replay_id, audited.event.actor.key_id) == (replay.id, key)


async def settled_with_differences(store: Store, count: int = 3) -> tuple[UUID, list[ReplayedExecution]]:
    replay, pending = await added(store, await a_version(store), count)
    for one, execution in zip(pending, await executions(store, replay.id), strict=True):
        await run(store, one)
        content = () if execution.number == 1 else (DIFFERENCES, COLUMNS if execution.number == 2 else None)
        assert await store.replay_work.settle(Settlement(execution, CHANGED, *content))
    return replay.id, await executions(store, replay.id)


async def test_differences_are_read_by_the_numbers_of_their_executions(open_store: OpenStore) -> None:
    async with open_store() as store:
        replay_id, (first, _, third) = await settled_with_differences(store)
        both = [StoredDifferences(first, DIFFERENCES), StoredDifferences(third, DIFFERENCES)]
        assert await store.replays.differences(replay_id, 0, 9) == both
        assert await store.replays.differences(replay_id, 0, 1) == both[:1]
        assert await store.replays.differences(replay_id, 1, 9) == both[1:]
        for start, limit in ((0, 3), (2, 3)):
            assert await store.replays.columns(replay_id, start, limit) == [StoredColumns(2, COLUMNS)]
        assert await store.replays.columns(replay_id, 3, 9) == []


async def remove(store: Store, execution: Finished) -> None:
    await store.executions.remove_content(remove_content(execution, LATER))


async def expire_content(store: Store, _: Finished) -> None:
    await store.expired.remove_contents(timedelta(days=-1), UUID(int=0), 10, remove_content)


async def expire(store: Store, _: Finished) -> None:
    await store.expired.delete(timedelta(days=-1), UUID(int=0), 10)


async def test_differences_go_with_the_content_and_counts_stay(open_store: OpenStore) -> None:
    async with open_store() as store:
        for number, go in enumerate((remove, expire_content, expire)):
            replay, (pending,) = await added(store, await a_version(store, f"script-{number}"))
            (one,) = await executions(store, replay.id)
            execution = await run(store, pending)
            await store.replay_work.settle(Settlement(one, CHANGED, DIFFERENCES, COLUMNS))
            await go(store, execution)
            assert await store.replays.differences(replay.id, 0, 9) == []
            assert await store.replays.columns(replay.id, 0, 9) == []
            assert await executions(store, replay.id) == [evolve(one, settled=CHANGED)]


async def test_removed_content_has_no_differences_and_that_of_an_equal_replay_goes(open_store: OpenStore) -> None:
    async with open_store() as store:
        replay, (pending, other) = await added(store, await a_version(store), 2)
        one, equal = await executions(store, replay.id)
        await remove(store, await run(store, pending))
        assert await store.replay_work.settle(Settlement(one, CHANGED, DIFFERENCES, COLUMNS))
        assert await store.replays.differences(replay.id, 0, 9) == []
        removed = remove_content(await run(store, other), LATER)
        assert await store.replay_work.settle(Settlement(equal, EQUAL, removed=removed))
        assert await now(store, other) == removed
        assert await store.executions.dataset(equal.execution_id) is None


async def test_finished_replays_are_deleted_when_their_script_s_retention_says_so(open_store: OpenStore) -> None:
    async with open_store() as store:
        kept = (await finished(store)).replay
        other = await a_version(store, "other")
        replay, _ = await added(store, other, 0)
        await store.replay_work.take(9)
        await store.replay_work.finish(replay.id, ReplayReport(NONE_YET))
        unfinished, _ = await added(store, other)
        await retain(store, kept.script_id, ScriptRetention(rows=timedelta(days=5)))
        taken = await store.expired.delete_replays(timedelta(days=-1), UUID(int=0), 9)
        assert (taken.count, taken.next_script) == (1, None)
        assert await store.replays.find(replay.id) is None
        assert (await found(store, kept.id)).replay == kept
        assert (await found(store, unfinished.id)).replay.finished_at is None
        assert (await store.expired.delete_replays(None, UUID(int=0), 9)).count == 0


async def retain(store: Store, script_id: UUID, retention: ScriptRetention) -> None:
    script = await store.scripts.find(script_id)
    assert isinstance(script, Script)
    await store.scripts.set_retention(evolve(script, retention=retention))
