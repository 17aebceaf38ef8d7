"""Retention: what has expired goes in batches, with pauses, for ever, and through outages."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from attrs import define, field

from application.keep_retention import BATCH, Retention, keep_retention, remove_expired
from application.messages import Unavailable
from domain.content import remove_content
from domain.execution import Finished

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@define
class Expired:
    """The port `ExpiredExecutions` over two numbers; the first `outages` calls fail."""

    contents: int = 0
    rows: int = 0
    outages: int = 0
    asked: list[tuple[str, timedelta]] = field(factory=list)
    done: asyncio.Event = field(factory=asyncio.Event)

    async def remove_contents(
        self, older_than: timedelta, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> int:
        assert remove is remove_content
        self.asked.append(("content", older_than))
        self._fail()
        self.contents -= (taken := min(count, self.contents))
        return taken

    async def delete(self, older_than: timedelta, count: int) -> int:
        self.asked.append(("rows", older_than))
        self._fail()
        self.rows -= (taken := min(count, self.rows))
        return taken

    def _fail(self) -> None:
        if self.outages:
            self.outages -= 1
            raise Unavailable("gone")
        self.done.set()


async def test_records_go_first_and_all_of_both_is_gone() -> None:
    expired = Expired(contents=2 * BATCH, rows=BATCH + 1)
    assert await remove_expired(expired, Retention(A_DAY, A_WEEK), time.monotonic) == (2 * BATCH, BATCH + 1)
    assert expired.asked == [("rows", A_WEEK)] * 2 + [("content", A_DAY)] * 3
    assert (expired.contents, expired.rows) == (0, 0)


@pytest.mark.parametrize(
    ("retention", "asked"),
    [
        (Retention(), []),
        (Retention(content=A_DAY), [("content", A_DAY)]),
        (Retention(rows=A_WEEK), [("rows", A_WEEK)]),
    ],
)
async def test_what_is_kept_for_ever_is_not_looked_for(
    retention: Retention, asked: list[tuple[str, timedelta]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    expired = Expired()
    assert await remove_expired(expired, retention, time.monotonic) == (0, 0)
    assert expired.asked == asked
    assert not caplog.records


async def test_pauses_are_four_times_as_long_as_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    monkeypatch.setattr("application.keep_retention.asyncio.sleep", sleep)
    times = iter([0.0, 0.5, 10.0, 10.25])
    await remove_expired(Expired(contents=BATCH), Retention(content=A_DAY), lambda: next(times))
    assert paused == [2.0, 1.0]


async def test_an_outage_is_told_and_outlived(caplog: pytest.LogCaptureFixture) -> None:
    expired = Expired(contents=1, outages=2)
    keeping = asyncio.create_task(keep_retention(expired, Retention(content=A_DAY), 0, time.monotonic))
    await asyncio.wait_for(expired.done.wait(), 5)
    keeping.cancel()
    assert [one.message for one in caplog.records if one.levelname == "WARNING"] == [
        "expired executions stay for now: gone"
    ] * 2
    assert expired.contents == 0
