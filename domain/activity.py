"""Activity of a script: how often it ran in the latest hours or days, how often it failed, and how long it took.

Executions are counted by the time at which they ended; replays are not counted. Durations are counted in bins of equal
ratio, so that those of any number of runs take little room and can be added up: `duration_ms` is off by 4.5 % at most.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil, floor, log
from typing import Final
from uuid import UUID

from attrs import field, frozen

from domain.execution import Execution, Failed, Finished, Pending, Running, State, state_of
from domain.outcome import ErrorKind

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
BINS_OF_A_DOUBLING: Final = 8
SHORTEST_MS: Final = 0.1
"""Shorter runs count as these."""
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""A time at which an hour, a quarter of a day and a day begin, in UTC."""


class Period(StrEnum):
    """Period of which the activity is shown. The values are part of the wire format."""

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"


_BUCKETS: Final[Mapping[Period, tuple[timedelta, int]]] = {
    Period.HOUR: (timedelta(minutes=2), 30),
    Period.DAY: (HOUR, 24),
    Period.WEEK: (6 * HOUR, 28),
    Period.MONTH: (DAY, 30),
}


@frozen
class Window:
    """The buckets of a period: `count` of them, each `step` long, from `since` on; `until` is in the last one."""

    since: datetime
    until: datetime
    step: timedelta
    count: int

    @property
    def end(self) -> datetime:
        """The end of the last bucket."""
        return self.since + self.count * self.step

    @property
    def starts(self) -> Sequence[datetime]:
        """The beginning of each bucket."""
        return [self.since + number * self.step for number in range(self.count)]


def window(period: Period, now: datetime) -> Window:
    """Compute the buckets of a period that ends now. They begin at full steps in UTC, so that hours can be added up."""
    step, count = _BUCKETS[period]
    current = _EPOCH + (now - _EPOCH) // step * step
    return Window(current - (count - 1) * step, now, step, count)


@frozen
class Bucket:
    """Counts of the executions that ended in a bucket; `failed` are without those that were `cancelled`."""

    executions: int = 0
    failed: int = 0
    cancelled: int = 0

    def __add__(self, other: "Bucket") -> "Bucket":
        return Bucket(self.executions + other.executions, self.failed + other.failed, self.cancelled + other.cancelled)


@frozen
class LatestExecution:
    """The execution of a script that was submitted last."""

    id: UUID
    version: int
    state: State
    submitted_at: datetime
    finished_at: datetime | None = None
    error_kind: ErrorKind | None = None


@frozen
class Activity:
    """The activity of a script: counts of each bucket of a window, runs by the bin of their duration, and the latest
    execution, whenever that was."""

    buckets: Sequence[Bucket]
    durations: Mapping[int, int] = field(factory=dict)
    latest: LatestExecution | None = None

    @property
    def total(self) -> Bucket:
        """The counts of the whole window."""
        return sum(self.buckets, Bucket())

    def duration_ms(self, share: float) -> float | None:
        """Estimate the duration that so large a share of the runs did not exceed; None without runs."""
        rank = ceil(share * sum(self.durations.values()))
        for number in sorted(self.durations):
            rank -= self.durations[number]
            if rank <= 0:
                return 2 ** ((number + 0.5) / BINS_OF_A_DOUBLING)
        return None


def duration_bin(wall_ms: float) -> int:
    """Compute the bin of a duration. A function of the database has the same formula."""
    return floor(BINS_OF_A_DOUBLING * log(max(wall_ms, SHORTEST_MS)) / log(2.0))


def count_end(finished: Finished) -> Bucket:
    """Count an execution that has ended."""
    if not isinstance(finished, Failed):
        return Bucket(1)
    return Bucket(1, cancelled=1) if finished.error.kind is ErrorKind.CANCELLED else Bucket(1, failed=1)


def latest_execution(execution: Execution) -> LatestExecution:
    """Describe an execution as the latest of its script."""
    submission = execution.submission
    return LatestExecution(
        id=submission.id,
        version=submission.script.version,
        state=state_of(execution),
        submitted_at=submission.submitted_at,
        finished_at=None if isinstance(execution, Pending | Running) else execution.finished_at,
        error_kind=execution.error.kind if isinstance(execution, Failed) else None,
    )
