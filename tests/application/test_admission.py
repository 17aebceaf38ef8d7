"""Backpressure: an estimate that is cheap, that lets no queue of one process grow past its depth, and that recovers."""

import asyncio
from datetime import timedelta

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Success

from adapters.memory.executions import MemoryExecutions
from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.executions.admission import COUNTED_EVERY_SECONDS, Admission
from application.ports.errors import QueueFull, Unavailable


class Counted(MemoryExecutions):
    """A store that has `there` waiting, counts its queries, and answers on demand."""

    def __init__(self, store: MemoryStore, there: int = 0) -> None:
        super().__init__({}, store.ends, lambda: None, store.scripts, utc_now)
        self.there, self.asked, self.away = there, 0, False
        self.answering = asyncio.Event()
        self.answering.set()

    async def waiting(self, up_to: int) -> int:
        self.asked += 1
        there = min(up_to, self.there)
        await self.answering.wait()
        if self.away:
            raise Unavailable("away")
        return there


@define
class Watch:
    """A monotonic clock that stands until it is moved."""

    at: float = field(default=100.0)

    def __call__(self) -> float:
        return self.at


FULL = Failure(QueueFull(5))


async def test_without_a_depth_nothing_is_counted_and_all_are_admitted(store: MemoryStore) -> None:
    executions = Counted(store, there=10**9)
    assert await Admission(executions.waiting, 0, Watch()).admit() == Success(None)
    assert executions.asked == 0


async def test_submissions_are_counted_by_the_process_between_two_counts(store: MemoryStore) -> None:
    executions, watch = Counted(store, there=1), Watch()
    admission = Admission(executions.waiting, 3, watch)
    assert [await admission.admit() for _ in range(3)] == [Success(None), Success(None), FULL]
    executions.there = 0
    watch.at += COUNTED_EVERY_SECONDS * 0.9
    assert (await admission.admit(), executions.asked) == (FULL, 1)
    watch.at += COUNTED_EVERY_SECONDS * 0.2
    assert [await admission.admit() for _ in range(4)] == [Success(None)] * 3 + [FULL]
    assert executions.asked == 2


async def test_executions_that_start_directly_take_no_room(store: MemoryStore) -> None:
    executions = Counted(store)
    limited, unlimited = Admission(executions.waiting, 2, Watch()), Admission(executions.waiting, 0, Watch())
    for admission in (limited, unlimited):
        for _ in range(5):
            assert await admission.admit() == Success(None)
            admission.give_back()
    assert [await limited.admit() for _ in range(3)] == [Success(None), Success(None), FULL]


async def test_many_are_admitted_together_or_not_at_all(store: MemoryStore) -> None:
    executions = Counted(store, there=1)
    limited, unlimited = Admission(executions.waiting, 5, Watch()), Admission(executions.waiting, 0, Watch())
    assert [await limited.admit(count) for count in (5, 3, 2, 1, 1)] == [FULL, Success(None), FULL, Success(None), FULL]
    assert await limited.admit(0) == Success(None)
    assert await unlimited.admit(10_000) == Success(None)


async def test_a_check_takes_no_room(store: MemoryStore) -> None:
    limited, unlimited = (Admission(Counted(store).waiting, depth, Watch()) for depth in (2, 0))
    assert [await limited.check(count) for count in (1, 2, 3)] == [Success(None), Success(None), FULL]
    assert await limited.admit(2) == Success(None)
    assert (await limited.check(), await unlimited.check()) == (FULL, Success(None))


async def test_concurrent_submissions_use_the_last_count(store: MemoryStore) -> None:
    executions, watch = Counted(store, there=2), Watch()
    admission = Admission(executions.waiting, 4, watch)
    assert await admission.admit() == Success(None)
    watch.at += 10
    executions.answering.clear()
    counting = asyncio.create_task(admission.admit())
    await asyncio.sleep(0)
    watch.at += 10
    assert [await asyncio.wait_for(admission.admit(), 5) for _ in range(2)] == [Success(None), FULL]
    executions.answering.set()
    assert await counting == Success(None)
    assert (await admission.admit(), executions.asked) == (FULL, 2)  # two were there, and two came since


async def test_an_outage_fails_the_counting_submission_and_leaves_the_estimate(store: MemoryStore) -> None:
    executions, watch = Counted(store, there=1), Watch()
    admission = Admission(executions.waiting, 2, watch)
    await admission.admit()
    watch.at += 10
    executions.away = True
    with pytest.raises(Unavailable):
        await admission.admit()
    assert (await admission.admit(), executions.asked) == (FULL, 2)
    watch.at += 10
    executions.away, executions.there = False, 0
    assert await admission.admit() == Success(None)


async def test_until_a_first_count_succeeds_the_process_admits_as_many_as_the_depth(store: MemoryStore) -> None:
    executions = Counted(store)
    executions.away = True
    admission = Admission(executions.waiting, 2, Watch())
    with pytest.raises(Unavailable):
        await admission.admit()
    assert [await admission.admit() for _ in range(3)] == [Success(None), Success(None), FULL]


@given(
    depth=st.integers(1, 6),
    steps=st.lists(st.tuples(st.floats(0, 2), st.lists(st.integers(1, 3), max_size=6), st.integers(0, 6)), max_size=12),
)
def test_one_process_never_admits_more_than_the_depth(depth: int, steps: list[tuple[float, list[int], int]]) -> None:
    """Time passes, submissions come, some of several executions, a worker takes some; after a count none is refused
    while there is room."""

    async def live() -> None:
        executions, watch = Counted(MemoryStore(utc_now, timedelta(minutes=1))), Watch()
        admission = Admission(executions.waiting, depth, watch)
        for seconds, arriving, taken in steps:
            watch.at += seconds
            asked = executions.asked
            for count in arriving:
                executions.there += count * is_successful(await admission.admit(count))
            assert executions.there <= depth
            if executions.asked > asked:
                assert executions.there > depth - max(arriving) or executions.there >= sum(arriving)
            executions.there = max(0, executions.there - taken)

    asyncio.run(live())
