"""Reading a batch and its results, cancelling it, and removing its content."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import pytest
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure

from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.batches.read import UnknownBatch
from application.batches.remove_content import REMOVED_AT_ONCE
from application.batches.results import PAGE_BYTES, PAGE_LINES, BatchContentRemoved, LineResult, ReadResults
from application.batches.use_cases import BatchUseCases
from application.ports.access import AuditFilter
from application.ports.batches import BatchFilter, BatchLine, line_of
from application.ports.errors import Unavailable
from application.ports.queue import Completion
from application.ports.stored_bodies import StoredBody
from domain.audit import Action, Actor
from domain.batches import BatchAlreadyFinished, BatchCounts, BatchNotFinished
from domain.execution import Claim, Finished, Running, State, as_finished
from domain.outcome import Outcome, Produced
from domain.redaction import remove_content
from domain.script import ScriptName
from domain.transitions import finish, start
from tests.application.test_batches import batch_ports
from tests.application.test_executions import hosted as hosted
from tests.support import virtual_time
from tests.support.batches import a_batch, executions_of
from tests.support.stored_bodies import whole
from tests.support.values import NOON, a_body, a_failure, a_run, a_script, an_id

ACTOR: Final = Actor(None, "a-request", an_id())
BEFORE_ALL: Final = UUID(int=0)
LATER: Final = NOON + timedelta(days=10_000)


def use_cases(store: MemoryStore, **others: Any) -> BatchUseCases:
    return BatchUseCases(evolve(batch_ports(store), **others))


async def added(store: MemoryStore, lines: int = 3) -> UUID:
    script = await store.scripts.find(ScriptName("corporate-cards"))
    assert script is not None
    version = await store.scripts.version(script.id, 1)
    assert version is not None
    new = a_batch(version, lines)
    (await store.batches.add(new)).unwrap()
    return new.batch.id


async def start_some(store: MemoryStore, count: int) -> list[Running]:
    claimed = await store.queue.claim(count, lambda pending, at: start(pending, Claim(an_id(), "one"), at))
    return [one.running for one in claimed]


async def end(store: MemoryStore, running: Running, outcome: Outcome | None = None) -> Finished:
    run = a_run(outcome)
    result = run.outcome.result if isinstance(run.outcome, Produced) else None
    ended = finish(running, run, timedelta(seconds=1))
    await store.queue.finish([Completion(running.claim.id, ended, run.logs, result)])
    return ended


async def end_all(store: MemoryStore, *outcomes: Outcome | None) -> list[Finished]:
    started = await start_some(store, len(outcomes))
    return [await end(store, *each) for each in zip(started, outcomes, strict=True)]


async def lines(store: MemoryStore, query: ReadResults, **others: Any) -> list[list[LineResult]]:
    found = (await use_cases(store, **others).results(query)).unwrap()
    return [list(page) async for page in found.pages()]


async def text_of(line: LineResult) -> bytes | None:
    return (await whole(line.result)).data if isinstance(line.result, StoredBody) else line.result


async def test_a_batch_that_was_never_submitted_is_unknown(hosted: MemoryStore) -> None:
    unknown, batches = UnknownBatch(an_id()), use_cases(hosted)
    assert await batches.read(unknown.id, 9) == Failure(unknown)
    assert await batches.cancel(unknown.id, ACTOR) == Failure(unknown)
    assert await batches.remove_content(unknown.id, ACTOR) == Failure(unknown)
    assert await batches.results(ReadResults(batch_id=unknown.id)) == Failure(unknown)
    assert await batches.page(BatchFilter(), None, 9) == []


async def test_a_batch_is_read_as_it_is(hosted: MemoryStore) -> None:
    batch_id, batches = await added(hosted), use_cases(hosted)
    assert (await batches.read(batch_id)).unwrap().counts == BatchCounts(3, 0, 0, 0)
    await end(hosted, (await start_some(hosted, 2))[0])
    record = (await batches.read(batch_id)).unwrap()
    assert record.counts == BatchCounts(1, 1, 1, 0)
    assert await batches.page(BatchFilter(), None, 9) == [record]
    assert await batches.page(BatchFilter(version=2), None, 9) == []


async def test_a_reader_waits_for_the_end_of_the_last_line(hosted: MemoryStore) -> None:
    batch_id, batches = await added(hosted), use_cases(hosted)
    reading = asyncio.create_task(batches.read(batch_id, 60))
    await end_all(hosted, None, a_failure())
    await asyncio.sleep(1)
    assert not reading.done()
    await end_all(hosted, None)
    record = (await reading).unwrap()
    assert (record.counts, record.batch.finished_at is not None) == (BatchCounts(0, 0, 2, 1), True)
    began = asyncio.get_running_loop().time()
    assert (await batches.read(batch_id, 60)).unwrap() == record
    assert asyncio.get_running_loop().time() == began


async def test_a_reader_waits_no_longer_than_it_wants(hosted: MemoryStore) -> None:
    batch_id, began = await added(hosted), asyncio.get_running_loop().time()
    record = (await use_cases(hosted).read(batch_id, 7)).unwrap()
    assert record.counts == BatchCounts(3, 0, 0, 0)
    assert asyncio.get_running_loop().time() - began == pytest.approx(7)


async def test_a_cancellation_fails_what_has_not_ended(hosted: MemoryStore) -> None:
    batch_id, batches = await added(hosted, 4), use_cases(hosted)
    one, _ = await start_some(hosted, 2)
    await end(hosted, one)
    record = (await batches.cancel(batch_id, ACTOR)).unwrap()
    assert record.counts == BatchCounts(0, 0, 1, 3)
    assert record.batch.cancelled_at is not None
    assert await batches.cancel(batch_id, ACTOR) == Failure(BatchAlreadyFinished(record.batch))
    done = await hosted.audit.page(AuditFilter(action=Action.CANCELLED_BATCH), None, 9)
    assert [one.event.actor for one in done] == [ACTOR]


@define
class Racing:
    """The batches of a store, where others are faster: `cancel` ends or deletes the batch before it looks."""

    store: MemoryStore
    deletes: bool = False

    async def cancel(self, batch_id: UUID, at: Any, by: Actor) -> int:
        cancelled = await self.store.batches.cancel(batch_id, at, by)
        if self.deletes:
            await self.store.expired.delete(timedelta(seconds=-1), BEFORE_ALL, 9)
            return cancelled
        return 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store.batches, name)


async def test_a_cancellation_that_comes_too_late_is_refused(hosted: MemoryStore) -> None:
    batch_id = await added(hosted)
    refusal = (await use_cases(hosted, batches=Racing(hosted)).cancel(batch_id, ACTOR)).failure()
    assert isinstance(refusal, BatchAlreadyFinished)
    assert refusal.actual.finished_at is not None


async def test_a_batch_that_is_deleted_during_its_cancellation_is_unknown(hosted: MemoryStore) -> None:
    batch_id = await added(hosted)
    ports = {"batches": Racing(hosted, deletes=True), "clock": lambda: NOON}
    assert await use_cases(hosted, **ports).cancel(batch_id, ACTOR) == Failure(UnknownBatch(batch_id))


async def test_content_is_removed_from_a_finished_batch_alone(hosted: MemoryStore) -> None:
    batch_id, batches = await added(hosted), use_cases(hosted)
    await end_all(hosted, None, a_failure())
    record = (await batches.read(batch_id)).unwrap()
    assert await batches.remove_content(batch_id, ACTOR) == Failure(BatchNotFinished(record.batch))
    await end_all(hosted, None)
    executions = [as_finished(one).unwrap() for one in await executions_of(hosted.executions, batch_id)]
    for _ in range(2):
        assert is_successful(await batches.remove_content(batch_id, ACTOR))
        removed_at = (await batches.read(batch_id)).unwrap().batch.content_removed_at
        assert removed_at is not None
        removed = await executions_of(hosted.executions, batch_id)
        assert removed == [remove_content(one, removed_at) for one in executions]
    assert await batches.results(ReadResults(batch_id=batch_id)) == Failure(BatchContentRemoved(batch_id))
    actions = [one.event.action for one in await hosted.audit.page(AuditFilter(), None, 4)]
    assert actions == [Action.REMOVED_CONTENT] * 3 + [Action.REMOVED_BATCH]


async def test_the_content_of_many_lines_is_removed_in_portions(hosted: MemoryStore) -> None:
    batch_id, batches = await added(hosted, 2 * REMOVED_AT_ONCE + 1), use_cases(hosted)
    await batches.cancel(batch_id, ACTOR)
    assert is_successful(await batches.remove_content(batch_id, ACTOR))
    assert await hosted.batches.with_content(batch_id, 1) == []


async def test_results_come_line_by_line_with_their_states(hosted: MemoryStore) -> None:
    batch_id = await added(hosted, 5)
    await end_all(hosted, None, a_failure(), Produced(a_body(b'{"a":1}')))
    (running,) = await start_some(hosted, 1)
    (page,) = await lines(hosted, ReadResults(batch_id=batch_id))
    shown = [evolve(one.line, result=None) for one in page]
    assert shown == [line_of(one) for one in await executions_of(hosted.executions, batch_id)]
    states = [State.SUCCEEDED, State.FAILED, State.SUCCEEDED, State.RUNNING, State.PENDING]
    assert [one.state for one in shown] == states
    assert [one.result for one in page] == [b"[2]", None, b'{"a":1}', None, None]
    assert [one.number for one in shown] == [1, 2, 3, 4, 5]
    assert shown[3].execution_id == running.submission.id
    found = (await use_cases(hosted).results(ReadResults(batch_id=batch_id))).unwrap()
    assert found.record == await hosted.batches.find(batch_id)
    assert [len(each) async for each in found.pages()] == [len(each) async for each in found.pages()] == [5]


@pytest.mark.parametrize(
    ("after", "state", "expected"),
    [
        (0, None, [1, 2, 3, 4]),
        (2, None, [3, 4]),
        (4, None, []),
        (9, None, []),
        (0, State.SUCCEEDED, [1, 3]),
        (1, State.SUCCEEDED, [3]),
        (0, State.FAILED, [2]),
        (0, State.PENDING, [4]),
        (0, State.RUNNING, []),
    ],
)
async def test_lines_are_selected_by_number_and_state(
    hosted: MemoryStore, after: int, state: State | None, expected: list[int]
) -> None:
    batch_id = await added(hosted, 4)
    await end_all(hosted, None, a_failure(), None)
    pages = await lines(hosted, ReadResults(batch_id=batch_id, after_line=after, state=state))
    assert [one.line.number for page in pages for one in page] == expected
    assert all((one.result is not None) == (one.line.state is State.SUCCEEDED) for page in pages for one in page)
    assert all(pages)


@given(st.lists(st.none() | st.integers(1, 5).map(lambda fifths: fifths * PAGE_BYTES // 4), min_size=1, max_size=8))
def test_pages_are_within_their_bound_and_a_longer_result_is_read_by_its_own_reader(sizes: list[int | None]) -> None:
    async def live() -> None:
        store = MemoryStore(utc_now, timedelta(minutes=1))
        await store.scripts.add(*a_script())
        batch_id = await added(store, len(sizes))
        await end_all(store, *(a_failure() if size is None else Produced(a_body(b"1" * size)) for size in sizes))
        pages = await lines(store, ReadResults(batch_id=batch_id))
        assert [one.line.number for page in pages for one in page] == list(range(1, len(sizes) + 1))
        for page in pages:
            texts = [await text_of(one) for one in page]
            expected = [sizes[one.line.number - 1] for one in page]
            assert [None if text is None else len(text) for text in texts] == expected
            assert sum(filter(None, expected)) <= PAGE_BYTES or len(page) == 1
            is_long = (expected[0] or 0) > PAGE_BYTES
            assert [isinstance(one.result, StoredBody) for one in page] == [is_long] * len(page)
        for page, following in pairwise(pages):
            both = [sizes[one.line.number - 1] or 0 for one in (*page, following[0])]
            assert sum(both) > PAGE_BYTES, "pages are no smaller than necessary"

    virtual_time.run(live())


@define
class Counting:
    """The batches of a store, with the number of pages that were read, and those that were read without results."""

    store: MemoryStore
    pages: int = 0
    without_results: int = 0

    async def lines(
        self, batch_id: UUID, after_line: int, limit: int, result_bytes: int | None = None
    ) -> Sequence[BatchLine]:
        self.pages += 1
        self.without_results += result_bytes is None
        return await self.store.batches.lines(batch_id, after_line, limit, result_bytes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store.batches, name)


@pytest.mark.parametrize(("state", "without_results"), [(None, 0), (State.SUCCEEDED, 0), (State.FAILED, 3)])
async def test_lines_are_read_in_pages_with_their_results_where_these_are_shown(
    hosted: MemoryStore, state: State | None, without_results: int
) -> None:
    batch_id, counting = await added(hosted, 2 * PAGE_LINES + 1), Counting(hosted)
    await end_all(hosted, *[None, a_failure()] * PAGE_LINES, None)
    pages = await lines(hosted, ReadResults(batch_id=batch_id, state=state), batches=counting)
    whole_pages = PAGE_LINES if state is None else PAGE_LINES // 2
    assert [len(page) for page in pages] == [whole_pages, whole_pages, *[1] * (state is not State.FAILED)]
    assert (counting.pages, counting.without_results) == (3, without_results)


LONG: Final = Produced(a_body(b"1" * (PAGE_BYTES + 1)))


@define
class Late(Counting):
    """The same, where something happens as soon as the first page has been read."""

    event: Callable[[], Awaitable[object]] = field(kw_only=True)

    async def lines(
        self, batch_id: UUID, after_line: int, limit: int, result_bytes: int | None = None
    ) -> Sequence[BatchLine]:
        page = await super().lines(batch_id, after_line, limit, result_bytes)
        if self.pages == 1:
            await self.event()
        return page


async def test_a_long_result_that_is_removed_while_it_is_read_is_shown_as_removed(hosted: MemoryStore) -> None:
    batch_id = await added(hosted, 2)
    removed = [remove_content(one, LATER) for one in await end_all(hosted, LONG, a_failure())]
    late = Late(hosted, event=lambda: hosted.executions.remove_content(removed[0]))
    pages = await lines(hosted, ReadResults(batch_id=batch_id), batches=late)
    assert pages[0] == [LineResult(line_of(removed[0]))]
    assert [one.line for page in await lines(hosted, ReadResults(batch_id=batch_id)) for one in page] == [
        one.line for page in pages for one in page
    ]


async def test_a_batch_that_is_deleted_while_it_is_read_ends_the_reading(hosted: MemoryStore) -> None:
    batch_id = await added(hosted, PAGE_LINES + 9)
    await use_cases(hosted, clock=lambda: NOON).cancel(batch_id, ACTOR)
    found = (await use_cases(hosted).results(ReadResults(batch_id=batch_id))).unwrap()
    pages = found.pages()
    assert len(await anext(pages)) == PAGE_LINES
    await hosted.expired.delete(timedelta(seconds=-1), BEFORE_ALL, 9_999)
    with pytest.raises(Unavailable):
        await anext(pages)


async def test_a_line_that_is_deleted_while_its_long_result_is_read_is_shown_as_it_was(hosted: MemoryStore) -> None:
    batch_id = await added(hosted, 1)
    (ended,) = await end_all(hosted, LONG)
    late = Late(hosted, event=lambda: hosted.expired.delete(timedelta(days=-1), BEFORE_ALL, 9))
    assert await lines(hosted, ReadResults(batch_id=batch_id), batches=late) == [[LineResult(line_of(ended))]]


async def test_lines_that_are_missing_end_the_reading(hosted: MemoryStore) -> None:
    batch_id = await added(hosted, 3)

    class Gaping(Counting):
        async def lines(self, *wanted: Any) -> Sequence[BatchLine]:
            return (await super().lines(*wanted))[1:]

    with pytest.raises(Unavailable):
        await lines(hosted, ReadResults(batch_id=batch_id), batches=Gaping(hosted))
