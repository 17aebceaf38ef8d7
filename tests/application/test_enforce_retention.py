"""Retention: what has expired goes in batches, with pauses, for ever, and through outages."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from attrs import define, field

from application.maintenance.enforce_retention import BATCH, remove_expired
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.errors import Unavailable
from application.ports.operations import PurgedBatch
from domain.execution import Finished
from domain.redaction import remove_content
from domain.retention import Retention

BEFORE_ALL, SCRIPT = UUID(int=0), UUID(int=7)
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@define
class Expired:
    """The port `ExpiredExecutions` over two numbers; the first `outages` calls fail."""

    contents: int = 0
    rows: int = 0
    outages: int = 0
    asked: list[tuple[str, timedelta | None, UUID]] = field(factory=list)
    replays: list[tuple[timedelta | None, UUID]] = field(factory=list)
    jobs: list[tuple[str, timedelta | None, UUID]] = field(factory=list)
    done: asyncio.Event = field(factory=asyncio.Event)

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> PurgedBatch:
        assert remove is remove_content
        self.asked.append(("content", kept_for, first))
        self._fail()
        self.contents -= (taken := min(count, self.contents))
        self.done.set()
        return PurgedBatch(taken, SCRIPT if taken == count else None)

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        self.asked.append(("rows", kept_for, first))
        self._fail()
        self.rows -= (taken := min(count, self.rows))
        return PurgedBatch(taken, SCRIPT if taken == count else None)

    async def delete_replays(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        self.replays.append((kept_for, first))
        return PurgedBatch(0, None)

    async def delete_jobs(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        self.jobs.append(("rows", kept_for, first))
        return PurgedBatch(0, None)

    async def remove_job_contents(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        self.jobs.append(("content", kept_for, first))
        return PurgedBatch(0, None)

    def _fail(self) -> None:
        if self.outages:
            self.outages -= 1
            raise Unavailable("gone")


async def test_records_go_first_and_all_of_both_is_gone_each_batch_going_on_where_the_last_ended() -> None:
    expired = Expired(contents=2 * BATCH, rows=BATCH + 1)
    assert await remove_expired(expired, Retention(A_DAY, A_WEEK), time.monotonic) == (2 * BATCH, BATCH + 1)
    from_there_on = [("content", A_DAY, SCRIPT)] * 2
    assert expired.asked == [
        ("rows", A_WEEK, BEFORE_ALL),
        ("rows", A_WEEK, SCRIPT),
        ("content", A_DAY, BEFORE_ALL),
        *from_there_on,
    ]
    assert (expired.contents, expired.rows) == (0, 0)
    assert expired.replays == [(A_WEEK, BEFORE_ALL)]
    assert expired.jobs == [("rows", A_WEEK, BEFORE_ALL), ("content", A_DAY, BEFORE_ALL)]


async def test_scripts_may_have_days_where_the_service_has_none_and_no_removal_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    expired = Expired()
    assert await remove_expired(expired, Retention(), time.monotonic) == (0, 0)
    assert expired.asked == [("rows", None, BEFORE_ALL), ("content", None, BEFORE_ALL)]
    assert not caplog.records


async def test_pauses_are_six_times_as_long_as_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    monkeypatch.setattr("application.maintenance.enforce_retention.asyncio.sleep", sleep)
    times = iter([0.0, 0.0, 0.0, 0.5, 10.0, 10.25, *[20.0] * 6])
    await remove_expired(Expired(contents=BATCH), Retention(content=A_DAY), lambda: next(times))
    assert paused == [0.0, 3.0, 1.5, 0.0, 0.0, 0.0]


async def test_an_outage_is_logged_and_survived(caplog: pytest.LogCaptureFixture) -> None:
    expired = Expired(contents=1, outages=2)
    step = partial(remove_expired, expired, Retention(content=A_DAY), time.monotonic)
    keeping = asyncio.create_task(periodic(BackgroundTask.ENFORCE_RETENTION, 0, step, TaskMonitor()))
    await asyncio.wait_for(expired.done.wait(), 5)
    keeping.cancel()
    assert [one.message for one in caplog.records if one.levelname == "WARNING"] == [
        "background task enforce_retention failed and will be retried: gone"
    ] * 2
    assert expired.contents == 0


@pytest.mark.parametrize(("contents", "rows"), [(2, 1), (2, 0), (0, 1), (0, 0)])
async def test_a_removal_is_logged_with_its_numbers(contents: int, rows: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await remove_expired(Expired(contents=contents, rows=rows), Retention(A_DAY, A_WEEK), time.monotonic)
    line = f"removed the content of {contents} expired executions and the records of {rows}"
    assert [one.getMessage() for one in caplog.records] == ([line] if contents or rows else [])
