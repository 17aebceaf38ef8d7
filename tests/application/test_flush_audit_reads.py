"""Reads are audited in order, in batches, and again after a failure."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.audit import MemoryAudit
from application.maintenance import flush_audit_reads as audit_reads
from application.maintenance.flush_audit_reads import AuditBufferFull, AuditReadBuffer
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.access import AuditFilter
from application.ports.errors import Unavailable
from domain.audit import ANONYMOUS, Action, Actor, AuditEvent
from tests.support.values import NOON, an_id
from tests.support.waiting import eventually_sees

DEEDS = [
    AuditEvent(action=Action.READ_RESULT, actor=ANONYMOUS, script_id=an_id(), version=1, execution_id=an_id())
    for _ in range(5)
]


class Trail(MemoryAudit):
    def __init__(self) -> None:
        super().__init__(lambda: NOON)
        self.away, self.batches = False, list[int]()

    async def add(self, deeds: Sequence[tuple[datetime, AuditEvent]]) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("gone")
        self.batches.append(len(deeds))
        await super().add(deeds)

    async def deeds(self) -> list[AuditEvent]:
        return [one.event for one in reversed(await self.page(AuditFilter(), None, 100))]


async def test_reads_are_written_oldest_first_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_reads, "MOST_AT_ONCE", 2)
    trail = Trail()
    seen = AuditReadBuffer(trail, lambda: NOON)
    for deed in DEEDS[:3]:
        seen.record(deed)
    keeping = asyncio.create_task(seen.flush())
    await asyncio.sleep(0)
    for deed in DEEDS[3:]:  # while a batch is under way
        seen.record(deed)
    await keeping
    await seen.flush()
    assert (await trail.deeds(), trail.batches) == (DEEDS, [2, 2, 1])


async def test_a_repetition_within_a_minute_is_noted_once_a_key() -> None:
    trail, now = Trail(), [NOON]
    seen = AuditReadBuffer(trail, lambda: now[0])
    mine = evolve(DEEDS[0], actor=Actor(an_id(), "first", an_id()))
    for deed in (mine, evolve(mine, actor=Actor(mine.actor.key_id, "second", an_id())), DEEDS[0], DEEDS[0]):
        seen.record_once(deed)
    now[0] += timedelta(seconds=59)
    seen.record_once(mine)
    now[0] += timedelta(seconds=1)
    seen.record_once(mine)
    now[0] -= timedelta(hours=1)  # the clock was set
    seen.record_once(mine)
    await seen.flush()
    assert await trail.deeds() == [mine, DEEDS[0], mine, mine]


async def test_the_memory_for_repetitions_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_reads, "MOST_REMEMBERED", 2)
    trail = Trail()
    seen = AuditReadBuffer(trail, lambda: NOON)
    for deed in (*DEEDS[:2], *DEEDS[:3], DEEDS[2], DEEDS[0]):
        seen.record_once(deed)
    await seen.flush()
    assert await trail.deeds() == [*DEEDS[:3], DEEDS[0]]


async def test_unwritten_records_are_written_later(caplog: pytest.LogCaptureFixture) -> None:
    trail = Trail()
    trail.away = True
    seen = AuditReadBuffer(trail, lambda: NOON)
    seen.record(DEEDS[0])
    keeping = asyncio.create_task(periodic(BackgroundTask.FLUSH_AUDIT_READS, 0.001, seen.flush, TaskMonitor()))

    async def complained() -> bool:
        return "flush_audit_reads failed" in caplog.text

    await eventually_sees(complained)
    seen.record(DEEDS[1])
    trail.away = False

    async def written() -> bool:
        return await trail.deeds() == DEEDS[:2]

    await eventually_sees(written)
    keeping.cancel()


STEPS = st.lists(
    st.tuples(st.just("read"), st.sampled_from(DEEDS))
    | st.tuples(st.just("read once"), st.sampled_from(DEEDS))
    | st.tuples(st.just("flush"), st.booleans()),
    max_size=40,
)


@given(capacity=st.integers(1, 6), steps=STEPS)
def test_the_buffer_is_bounded_and_what_it_took_is_written_once_and_in_order(
    capacity: int, steps: list[tuple[str, AuditEvent | bool]]
) -> None:
    trail, now, taken, told = Trail(), [NOON], list[AuditEvent](), 0

    def refused() -> None:
        nonlocal told
        told += 1

    async def follow() -> None:
        refusals = 0
        buffer = AuditReadBuffer(trail, lambda: now[0], capacity, refused)
        for step, what in steps:
            now[0] += timedelta(minutes=1)  # nothing is a repetition
            if isinstance(what, AuditEvent):
                waiting = buffer.waiting
                try:
                    (buffer.record if step == "read" else buffer.record_once)(what)
                except AuditBufferFull:
                    refusals += 1
                    assert waiting == capacity
                else:
                    taken.append(what)
            else:
                trail.away = what
                with suppress(Unavailable):
                    await buffer.flush()
            assert buffer.waiting <= capacity
        trail.away = False
        await buffer.flush()
        assert (await trail.deeds(), buffer.waiting, told) == (taken, 0, refusals)

    asyncio.run(follow())


async def test_a_read_that_was_refused_is_no_earlier_one_and_a_repetition_needs_no_room() -> None:
    trail = Trail()
    buffer = AuditReadBuffer(trail, lambda: NOON, capacity=1)
    buffer.record_once(DEEDS[0])
    buffer.record_once(DEEDS[0])
    with pytest.raises(AuditBufferFull, match=r"^1 audit records of reads wait to be stored; no content is shown$"):
        buffer.record_once(DEEDS[1])
    await buffer.flush()
    buffer.record_once(DEEDS[1])
    await buffer.flush()
    assert await trail.deeds() == DEEDS[:2]


async def test_what_a_request_shows_that_was_admitted_is_recorded_however_full_the_buffer_has_become() -> None:
    trail = Trail()
    buffer = AuditReadBuffer(trail, lambda: NOON, capacity=1)
    buffer.require_room()
    buffer.record(DEEDS[0])
    buffer.record(DEEDS[1], may_refuse=False)
    buffer.record_once(DEEDS[2], may_refuse=False)
    with pytest.raises(AuditBufferFull):
        buffer.require_room()
    await buffer.flush()
    assert await trail.deeds() == DEEDS[:3]
