"""The contract of every store for batches: stored at once or not at all, and finished by the end of the last line."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Success

from application.ports.access import AuditFilter
from application.ports.batches import BatchFilter, BatchLine, BatchRecord, NewBatch, line_of
from application.ports.errors import Conflict
from application.ports.executions import ExecutionFilter, Expected, NewExecution
from application.ports.queue import Claimed, Release
from domain.access import Scope, new_key, new_token
from domain.aliases import LIVE
from domain.audit import ANONYMOUS, Action, Actor, batch_event, execution_event
from domain.batches import Batch, BatchCounts
from domain.batches import remove_content as without_content
from domain.body import Body
from domain.execution import Execution, Failed, Finished, Pending, Running, Succeeded, as_finished, as_unfinished
from domain.idempotency import IdempotencyKey, KeyRecord, RequestFingerprint, batch_fingerprint
from domain.outcome import Produced
from domain.redaction import remove_content
from domain.script import archive
from domain.transitions import cancel, release
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import EXPIRED, a_version, claim, ending, losing
from tests.contracts.test_idempotency import an_attempt
from tests.contracts.test_retention import AN_HOUR, AT_ONCE, contents, records
from tests.support.batches import a_batch, executions_of
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body, a_failure, a_run, an_id

KEY: Final = IdempotencyKey("a batch's key")
LATE: Final = NOON + timedelta(days=10_000)
LARGE: Final = a_body(b'"' + b"x" * 70_000 + b'"')


async def added(store: Store, lines: int = 3, version: ScriptVersion | None = None) -> NewBatch:
    new = a_batch(version or await a_version(store), lines)
    (await store.batches.add(new)).unwrap()
    return new


async def record(store: Store, batch_id: UUID) -> BatchRecord:
    found = await store.batches.find(batch_id)
    assert found is not None
    return found


async def lines_of(store: Store, new: NewBatch) -> Sequence[Execution]:
    return await executions_of(store.executions, new.batch.id)


async def finish_all(store: Store, new: NewBatch) -> Sequence[Finished]:
    for one in await claim(store.queue, len(new.executions)):
        await store.queue.finish([ending(one)])
    return [as_finished(one).unwrap() for one in await lines_of(store, new)]


def keyed(new: NewBatch, text: Body = LARGE) -> tuple[NewBatch, RequestFingerprint]:
    request = batch_fingerprint(KEY, new.batch.script.id, None, text.digest)
    return evolve(new, request=request), request


async def test_a_batch_and_its_executions_are_read_as_they_were_added(open_store: OpenStore) -> None:
    async with open_store() as store:
        new = a_batch(await a_version(store), datasets=[a_body(), LARGE, a_body(b"null")])
        assert await store.batches.add(new) == Success(None)
        assert await record(store, new.batch.id) == BatchRecord(new.batch, BatchCounts(3, 0, 0, 0))
        assert await lines_of(store, new) == new.executions
        datasets = [await whole(await store.executions.dataset(one.submission.id)) for one in new.executions]
        assert datasets == new.datasets
        assert await store.executions.waiting(9) == 3


async def test_a_batch_of_many_lines_is_stored_whole(open_store: OpenStore) -> None:
    async with open_store() as store:
        new = await added(store, 1_234)
        assert await lines_of(store, new) == new.executions
        assert (await record(store, new.batch.id)).counts == BatchCounts(1_234, 0, 0, 0)


async def test_its_facts_are_kept(open_store: OpenStore) -> None:
    async with open_store() as store:
        key = new_key(an_id(), "ci", {Scope.ADMIN}, NOON, None).unwrap()
        await store.api_keys.add(key, new_token(bytes(32)).digest)
        plain = a_batch(await a_version(store))
        batch = evolve(plain.batch, submitted_by=key.id, alias="live")
        await store.batches.add(evolve(plain, batch=batch, by=Actor(key.id)))
        assert await record(store, batch.id) == BatchRecord(batch, BatchCounts(3, 0, 0, 0), "ci")


async def test_what_is_unknown_is_not_found(open_store: OpenStore) -> None:
    async with open_store() as store:
        unknown = an_id()
        assert await store.batches.find(unknown) is None
        assert list(await store.batches.lines(unknown, 0, 9, 9)) == []
        assert list(await store.batches.with_content(unknown, 9)) == []
        assert await store.batches.cancel(unknown, NOON) == 0
        assert list(await store.batches.page(BatchFilter(), None, 9)) == []
        assert list(await store.executions.page(ExecutionFilter(batch=unknown), None, 9)) == []


async def test_executions_are_listed_and_filtered_by_batch(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        new, other = await added(store, 5, version), await added(store, 2, version)
        newest_first = list(reversed(new.executions))
        assert list(await store.executions.page(ExecutionFilter(batch=new.batch.id), None, 9)) == newest_first
        before = newest_first[1].submission.id
        assert list(await store.executions.page(ExecutionFilter(batch=new.batch.id), before, 2)) == newest_first[2:4]
        assert len(await store.executions.page(ExecutionFilter(), None, 99)) == 7
        assert list(await lines_of(store, other)) == other.executions


async def test_batches_are_listed_newest_first_by_script_and_version(open_store: OpenStore) -> None:
    async with open_store() as store:
        first, second = await a_version(store), await a_version(store, "other")
        batches = [await added(store, 1, version) for version in (first, first, second)]
        ids = [one.batch.id for one in batches]

        async def page(wanted: BatchFilter, before: UUID | None = None, limit: int = 9) -> list[UUID]:
            return [one.batch.id for one in await store.batches.page(wanted, before, limit)]

        assert await page(BatchFilter()) == ids[::-1]
        assert await page(BatchFilter(), limit=2) == ids[:0:-1]
        assert await page(BatchFilter(), ids[2]) == ids[1::-1]
        assert await page(BatchFilter(first.script_id)) == ids[1::-1]
        assert await page(BatchFilter(first.script_id, 1)) == ids[1::-1]
        assert await page(BatchFilter(first.script_id, 2)) == []
        (shown,) = await store.batches.page(BatchFilter(second.script_id), None, 9)
        assert shown == await record(store, ids[2])


async def test_a_script_that_is_not_as_expected_gets_no_batch(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        script = await store.scripts.find(version.script_id)
        assert script is not None
        other = evolve(keyed(a_batch(version))[0], expected=Expected(latest=0, alias=LIVE))
        moved = evolve(a_batch(version), expected=Expected(alias=LIVE, leads_to=1))
        assert [await store.batches.add(one) for one in (other, moved)] == [Failure(Conflict())] * 2
        await store.scripts.set_archived_at(archive(script, NOON))
        assert await store.batches.add(a_batch(version)) == Failure(Conflict())
        assert await store.keys.find(KEY) is None
        assert list(await store.batches.page(BatchFilter(), None, 9)) == []
        assert await store.executions.waiting(9) == 0


async def test_a_key_belongs_to_the_first_batch_that_comes_with_it(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        first, request = keyed(a_batch(version))
        kept = KeyRecord(request, first.executions[0].submission.id)
        assert await store.batches.add(first) == Success(None)
        assert await store.keys.find(KEY) == kept
        again = evolve(a_batch(version), request=request)
        other, _ = keyed(a_batch(version), a_body())
        for one in (again, other, evolve(again, expected=Expected(latest=0))):
            assert await store.batches.add(one) == Failure(kept)
        single = an_attempt(version, KEY)
        assert await store.keys.add(NewExecution(single.pending, single.dataset), single.request) == Failure(kept)
        assert len(await store.batches.page(BatchFilter(), None, 9)) == 1
        assert await store.executions.waiting(9) == 3


async def test_the_key_of_a_single_execution_is_taken(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        single = an_attempt(version, KEY)
        await store.keys.add(NewExecution(single.pending, single.dataset), single.request)
        assert await store.batches.add(keyed(a_batch(version))[0]) == Failure(single.record)
        assert await store.executions.waiting(9) == 1


async def test_of_concurrent_batches_with_one_key_one_is_stored(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        coming = [keyed(a_batch(version, 4))[0] for _ in range(5)]
        results = await asyncio.gather(*(store.batches.add(one) for one in coming))
        (winner,) = [one for one, result in zip(coming, results, strict=True) if is_successful(result)]
        kept = KeyRecord(winner.request or keyed(winner)[1], winner.executions[0].submission.id)
        assert [one.failure() for one in results if not is_successful(one)] == [kept] * 4
        assert [one.batch for one in await store.batches.page(BatchFilter(), None, 9)] == [winner.batch]
        assert await store.executions.waiting(99) == 4


async def test_a_key_that_has_expired_is_free(open_store: OpenStore) -> None:
    async with open_store(keys_kept_for=timedelta(0)) as store:
        version = await a_version(store)
        for _ in range(2):
            assert await store.batches.add(keyed(a_batch(version))[0]) == Success(None)
        assert len(await store.batches.page(BatchFilter(), None, 9)) == 2


async def test_it_runs_when_its_first_execution_starts_and_finishes_when_its_last_has_ended(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        new = await added(store)
        with store.endings.watch(new.batch.id) as finished:
            one, two, three = await claim(store.queue, 3)
            assert (await record(store, new.batch.id)).counts == BatchCounts(0, 3, 0, 0)
            await store.queue.release([Release(three.running.claim.id, release(three.running))])
            await store.queue.finish([ending(one), ending(two, a_run(a_failure()))])
            halfway = await record(store, new.batch.id)
            assert (halfway.counts, halfway.batch) == (
                BatchCounts(1, 0, 1, 1),
                evolve(new.batch, succeeded=1, failed=1),
            )
            (again,) = await claim(store.queue)
            assert not finished.is_set()
            await store.queue.finish([ending(again)])
            await asyncio.wait_for(finished.wait(), 5)
        ended = await record(store, new.batch.id)
        assert ended.counts == BatchCounts(0, 0, 2, 1)
        assert ended.batch.finished_at is not None
        ends = [as_finished(one).unwrap().finished_at for one in await lines_of(store, new)]
        assert ended.batch.finished_at >= max(ends)
        assert ended.batch == evolve(new.batch, succeeded=2, failed=1, finished_at=ended.batch.finished_at)


async def test_a_stale_completion_is_not_counted(open_store: OpenStore) -> None:
    async with open_store() as store:
        new = await added(store, 2)
        (claimed, _) = await claim(store.queue, 2)
        assert await store.queue.finish([ending(claimed)]) == frozenset()
        assert await store.queue.finish([ending(claimed)]) == {claimed.running.claim.id}
        assert (await record(store, new.batch.id)).counts == BatchCounts(0, 1, 1, 0)


async def test_an_execution_that_is_cancelled_or_lost_is_counted(open_store: OpenStore) -> None:
    async with open_store(lease=EXPIRED) as store:
        new = await added(store)
        with store.endings.watch(new.batch.id) as finished:
            (claimed, _) = await claim(store.queue, 2)
            waiting = as_unfinished((await lines_of(store, new))[2]).unwrap()
            (await store.executions.cancel(waiting, cancel(waiting, LATE))).unwrap()
            assert (await record(store, new.batch.id)).counts == BatchCounts(0, 2, 0, 1)
            (requeued,) = await store.rival.reclaim(1, losing(attempts=2))
            assert isinstance(requeued, Pending)
            assert (await record(store, new.batch.id)).batch.failed == 1
            await store.rival.reclaim(1, losing(attempts=1))
            assert not finished.is_set()
            await claim(store.queue)
            await store.rival.reclaim(9, losing(attempts=1))
            await asyncio.wait_for(finished.wait(), 5)
        assert (await record(store, new.batch.id)).counts == BatchCounts(0, 0, 0, 3)
        assert claimed.running.submission.id in {one.submission.id for one in new.executions}


async def test_completions_of_several_batches_are_counted_for_each(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        batches = [await added(store, lines, version) for lines in (1, 2, 3)]
        single = an_attempt(version)
        await store.executions.add(NewExecution(single.pending, single.dataset))
        await store.queue.finish([ending(one) for one in await claim(store.queue, 9)])
        for new in batches:
            found = await record(store, new.batch.id)
            assert found.counts == BatchCounts(0, 0, new.batch.lines, 0)
            assert found.batch.finished_at is not None


async def test_a_cancellation_ends_all_that_has_not_ended(open_store: OpenStore) -> None:
    async with open_store() as store:
        new, actor = await added(store, 4), Actor(None, "a-request", an_id())
        with (
            store.endings.watch(new.batch.id) as finished,
            store.endings.watch(new.executions[3].submission.id) as line_ended,
        ):
            one, two = await claim(store.queue, 2)
            await store.queue.finish([ending(one)])
            assert await store.batches.cancel(new.batch.id, LATE, actor) == 3
            await asyncio.wait_for(finished.wait(), 5)
            await asyncio.wait_for(line_ended.wait(), 5)
        found = await record(store, new.batch.id)
        assert found.counts == BatchCounts(0, 0, 1, 3)
        assert found.batch == evolve(new.batch, succeeded=1, failed=3, cancelled_at=LATE, finished_at=LATE)
        first, *others = await lines_of(store, new)
        assert isinstance(first, Succeeded)
        assert others[0] == cancel(two.running, LATE)
        assert others[1:] == [cancel(one, LATE) for one in new.executions[2:]]
        assert await store.queue.renew([two.running]) == {two.running.claim.id}
        assert await store.queue.finish([ending(two)]) == {two.running.claim.id}
        assert await claim(store.queue, 9) == []
        assert await store.batches.cancel(new.batch.id, LATE, actor) == 0
        assert await record(store, new.batch.id) == found
        done = await store.audit.page(AuditFilter(action=Action.CANCELLED_BATCH), None, 9)
        assert [one.event for one in done] == [batch_event(Action.CANCELLED_BATCH, new.batch, actor)]
        assert list(await store.audit.page(AuditFilter(action=Action.CANCELLED), None, 9)) == []


async def test_concurrent_cancellations_and_completions_count_each_execution_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        new = await added(store, 12)
        claimed = await claim(store.queue, 6)
        at_once = [
            store.queue.finish([ending(one), ending(two)]) for one, two in zip(claimed[::2], claimed[1::2], strict=True)
        ]
        cancels = [store.batches.cancel(new.batch.id, LATE) for _ in range(3)]
        *_, one, two, three = await asyncio.gather(*at_once, *cancels)
        assert [one, two, three].count(0) >= 2
        found = await record(store, new.batch.id)
        assert found.counts == await counted(store, new)
        assert found.batch.finished_at is not None


async def test_an_early_cancellation_takes_place_no_earlier_than_the_submission(open_store: OpenStore) -> None:
    async with open_store() as store:
        new = await added(store)
        assert await store.batches.cancel(new.batch.id, NOON - timedelta(days=1)) == 3
        batch = (await record(store, new.batch.id)).batch
        assert (batch.cancelled_at, batch.finished_at) == (NOON, NOON)


async def test_a_batch_is_audited_in_place_of_its_executions(open_store: OpenStore) -> None:
    async with open_store() as store:
        actor = Actor(None, "a-request", an_id())
        new = evolve(a_batch(await a_version(store)), by=actor)
        await store.batches.add(new)
        done = await store.audit.page(AuditFilter(), None, 9)
        assert [one.event for one in done if one.event.action is not Action.REGISTERED] == [
            batch_event(Action.SUBMITTED_BATCH, new.batch, actor)
        ]


RESULTS: Final = st.none() | st.sampled_from([b"[5]", b'"%b"' % (b"x" * 2_000), LARGE.data]).map(a_body)


def page_of(every: Sequence[BatchLine], after: int, limit: int, result_bytes: int | None) -> Sequence[BatchLine]:
    """Select a page of lines with their results by its definition."""
    if result_bytes is None:
        return [evolve(one, result=None) for one in every[after : after + limit]]
    page: list[BatchLine] = []
    for one in every[after : after + limit]:
        page.append(one)
        if sum(each.result.digest.size_bytes for each in page if isinstance(each.result, Body)) > result_bytes:
            assert isinstance(one.result, Body), "lines without a result fit"
            return page[:-1] or [evolve(one, result=one.result.digest)]
    return page


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_lines_are_read_in_pages_with_the_results_that_fit(open_store: OpenStore, data: st.DataObject) -> None:
    """Some lines have succeeded, failed, lost their content, been started, or do none of this yet."""
    results = data.draw(st.lists(RESULTS, min_size=1, max_size=6))
    started = data.draw(st.integers(0, len(results)))
    ended = data.draw(st.integers(0, started))
    async with open_store() as store:
        version = await a_version(store)
        new = await added(store, len(results), version)
        await added(store, 2, version)
        claimed = await claim(store.queue, started)
        runs = [a_run(a_failure() if one is None else Produced(one)) for one in results]
        await store.queue.finish([ending(one, run) for one, run in zip(claimed[:ended], runs, strict=False)])
        executions = await lines_of(store, new)
        if ended and data.draw(st.booleans()):
            lost = remove_content(as_finished(executions[0]).unwrap(), LATE)
            await store.executions.remove_content(lost)
            results[0], executions = None, [lost, *executions[1:]]
        every = [
            line_of(one, result if isinstance(one, Succeeded) else None)
            for one, result in zip(executions, results, strict=True)
        ]
        for _ in range(20):
            after, limit = data.draw(st.integers(0, len(every))), data.draw(st.integers(1, 7))
            bound = data.draw(st.sampled_from([None, 0, 2, 3, 2_002, 2_005, 4_004, 70_001, 70_002, 10**6]))
            found = await store.batches.lines(new.batch.id, after, limit, bound)
            assert list(found) == page_of(every, after, limit, bound)


async def test_content_is_removed_from_all_and_marked_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        new, actor = await added(store), Actor(None, "a-request", an_id())
        ended = await finish_all(store, new)
        batch = without_content((await record(store, new.batch.id)).batch, LATE).unwrap()
        await store.batches.mark_removed(batch, actor)
        await store.batches.mark_removed(evolve(batch, content_removed_at=LATE + AN_HOUR), actor)
        assert (await record(store, new.batch.id)).batch == batch
        assert list(await store.batches.with_content(new.batch.id, 2)) == ended[:2]
        await store.batches.remove_content([remove_content(one, LATE) for one in ended[:2]], actor)
        assert list(await store.batches.with_content(new.batch.id, 9)) == ended[2:]
        await store.batches.remove_content([remove_content(one, LATE) for one in ended], actor)
        assert list(await store.batches.with_content(new.batch.id, 9)) == []
        assert list(await lines_of(store, new)) == [remove_content(one, LATE) for one in ended]
        assert await store.batches.lines(new.batch.id, 0, 9, LARGE.digest.size_bytes) == [
            line_of(remove_content(one, LATE)) for one in ended
        ]
        assert [await whole(await store.executions.dataset(one.submission.id)) for one in ended] == [None] * 3
        marks = await store.audit.page(AuditFilter(action=Action.REMOVED_BATCH), None, 9)
        assert [one.event for one in marks] == [batch_event(Action.REMOVED_BATCH, new.batch, actor)]
        removals = await store.audit.page(AuditFilter(action=Action.REMOVED_CONTENT), None, 9)
        assert sorted(one.event.execution_id or an_id() for one in removals) == [one.submission.id for one in ended]
        assert {one.event.actor for one in removals} == {actor}


async def test_only_ended_executions_have_content_to_remove(open_store: OpenStore) -> None:
    async with open_store() as store:
        new = await added(store)
        (claimed, _) = await claim(store.queue, 2)
        await store.queue.finish([ending(claimed)])
        found = await store.batches.with_content(new.batch.id, 9)
        assert [one.submission for one in found] == [claimed.running.submission]


async def test_retention_removes_what_was_left_of_a_removed_batch(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        new, other = await added(store, 3, version), await added(store, 1, version)
        ended = await finish_all(store, new)
        await finish_all(store, other)
        await store.batches.remove_content([remove_content(ended[0], LATE)])
        assert await contents(store, None) == 0
        batch = without_content((await record(store, new.batch.id)).batch, LATE).unwrap()
        await store.batches.mark_removed(batch)
        for kept_for, count in ((None, 1), (AN_HOUR, 1), (None, 0)):
            assert await contents(store, kept_for, 1) == count
        assert list(await store.batches.with_content(new.batch.id, 9)) == []
        assert len(await store.batches.with_content(other.batch.id, 9)) == 1
        removals = await store.audit.page(AuditFilter(action=Action.REMOVED_CONTENT), None, 2)
        events = {one.event for one in removals}
        assert events == {execution_event(Action.REMOVED_CONTENT, one.submission, ANONYMOUS) for one in ended[1:]}


async def test_the_executions_of_a_batch_expire_with_its_end(open_store: OpenStore) -> None:
    async with open_store() as store:
        new, _ = keyed(a_batch(await a_version(store)))
        await store.batches.add(new)
        one, two, three = await claim(store.queue, 3)
        await store.queue.finish([ending(one), ending(two)])
        assert (await contents(store, AT_ONCE), await records(store, AT_ONCE)) == (0, 0)
        await store.queue.finish([ending(three)])
        assert (await contents(store, AN_HOUR), await records(store, AN_HOUR)) == (0, 0)
        assert await contents(store, AT_ONCE) == 3
        assert list(await store.batches.with_content(new.batch.id, 9)) == []
        assert (await record(store, new.batch.id)).batch.content_removed_at is not None
        marks = await store.audit.page(AuditFilter(action=Action.REMOVED_BATCH), None, 9)
        assert [one.event for one in marks] == [batch_event(Action.REMOVED_BATCH, new.batch, ANONYMOUS)]
        assert await records(store, AT_ONCE, 2) == 2
        assert await store.batches.find(new.batch.id) is None
        assert await records(store, AT_ONCE) == 1
        assert list(await store.executions.page(ExecutionFilter(), None, 9)) == []
        assert await store.keys.find(KEY) is None


async def counted(store: Store, new: NewBatch) -> BatchCounts:
    kinds = [type(one) for one in await lines_of(store, new)]
    return BatchCounts(*(kinds.count(kind) for kind in (Pending, Running, Succeeded, Failed)))


class Steps:
    """Steps of clients and workers with some batches of one version. The leases of claims have expired at once."""

    def __init__(self, store: Store, batches: Sequence[NewBatch]) -> None:
        self.store, self.batches, self.held = store, batches, list[Claimed]()
        self.finished: dict[UUID, Batch] = {}

    async def claim(self) -> None:
        self.held.extend(await claim(self.store.queue, 2))

    async def succeed(self) -> None:
        await self.store.queue.finish([ending(one) for one in self.held[::2]])

    async def fail(self) -> None:
        await self.store.queue.finish([ending(one, a_run(a_failure())) for one in self.held[1::3]])

    async def release(self) -> None:
        await self.store.queue.release([Release(one.running.claim.id, release(one.running)) for one in self.held[1::2]])

    async def lose(self) -> None:
        await self.store.rival.reclaim(2, losing(attempts=2))

    async def cancel_one(self) -> None:
        found = await lines_of(self.store, self.batches[0])
        for one in [one for one in found if isinstance(one, Pending | Running)][:1]:
            await self.store.executions.cancel(one, cancel(one, LATE))

    async def cancel_all(self) -> None:
        await self.store.batches.cancel(self.batches[-1].batch.id, LATE)

    async def check(self) -> None:
        for new in self.batches:
            found = await record(self.store, new.batch.id)
            assert found.counts == await counted(self.store, new)
            assert (found.batch.finished_at is not None) == (found.batch.unfinished == 0)
            if found.batch.finished_at is not None:
                assert self.finished.setdefault(new.batch.id, found.batch) == found.batch

    async def run_what_is_left(self) -> None:
        await self.store.queue.finish([ending(one) for one in self.held])
        await self.store.rival.reclaim(99, losing(attempts=1))
        while claimed := await claim(self.store.queue, 9):
            await self.store.queue.finish([ending(one) for one in claimed])


steps = st.sampled_from(
    [Steps.claim, Steps.claim, Steps.succeed, Steps.fail, Steps.release, Steps.lose, Steps.cancel_one, Steps.cancel_all]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    lines=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    waves=st.lists(st.lists(steps, max_size=4), max_size=5),
)
async def test_in_every_interleaving_counts_are_those_of_the_executions_and_each_batch_finishes_once(
    open_store: OpenStore, lines: list[int], waves: list[list[Callable[[Steps], Awaitable[None]]]]
) -> None:
    """Of each wave, all steps are taken at once. In the end, what is left is run."""
    async with open_store(lease=EXPIRED) as store:
        version = await a_version(store)
        taken = Steps(store, [await added(store, count, version) for count in lines])
        for wave in waves:
            await asyncio.gather(*(step(taken) for step in wave))
            await taken.check()
        await taken.run_what_is_left()
        await taken.check()
        for new in taken.batches:
            ends = [as_finished(one).unwrap().finished_at for one in await lines_of(store, new)]
            finished_at = taken.finished[new.batch.id].finished_at
            assert finished_at is not None
            assert finished_at >= max(ends)
