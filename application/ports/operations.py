"""Ports for operating the service: retention, readiness, statistics."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias
from uuid import UUID

from attrs import frozen

from domain.execution import Finished
from domain.queue_state import QueueState


@frozen
class PurgedBatch:
    """The number of executions in a batch, and the next script; None if none is left."""

    count: int
    next_script: UUID | None


@frozen
class CheckPassed:
    """The dependency works."""


@frozen
class CheckFailed:
    """The dependency does not work."""

    reason: str


@frozen
class CheckUnknown:
    """The dependency could not be checked, since another one failed."""


CheckOutcome: TypeAlias = CheckPassed | CheckFailed | CheckUnknown
PASSED: Final = CheckPassed()
UNKNOWN: Final = CheckUnknown()


def check_outcome(trouble: str) -> CheckPassed | CheckFailed:
    """Convert the trouble that a check reports as text, empty if there is none."""
    return CheckFailed(trouble) if trouble else PASSED


@frozen(kw_only=True)
class Readiness:
    """The outcome of each check.

    `workers` counts those seen within a lease's time, None if they could not be counted; without any, executions wait,
    and that is no trouble. Nor are missing `notifications`: news is looked up instead, later. Nor is an engine that the
    `sandbox` cannot start: only uploads that want it are refused, for the time being. Nor are `background` tasks that
    keep failing. Nor are unusable `signing` keys while former ones are in use. Nor are `reproductions` that differed:
    results that were stored are not what they should be, but the service works.
    """

    database: CheckOutcome = PASSED
    schema: CheckOutcome = PASSED
    writing: CheckOutcome = PASSED
    sealing: CheckOutcome = PASSED
    sandbox: CheckOutcome = PASSED
    notifications: CheckOutcome = PASSED
    background: CheckOutcome = PASSED
    signing: CheckOutcome = PASSED
    reproductions: CheckOutcome = PASSED
    workers: int | None = 0

    @property
    def trouble(self) -> str | None:
        """The reason why the service cannot work; None if it can."""
        checks = (self.database, self.schema, self.writing, self.sealing)
        return next((check.reason for check in checks if isinstance(check, CheckFailed)), None)


@frozen(kw_only=True)
class QueueStats:
    """Statistics of record and queue. Ages are in seconds, or in transactions; what there is none of is 0.

    `waiting`, `replays_waiting`, `running`, `replays_unfinished` and `deliveries_pending` may stop at a number that a
    store counts no further than. Replays, which wait behind all others, count as `replays_waiting` only;
    `replays_unfinished` are replays on versions, `deliveries_pending` events that wait for their receivers,
    `job_partitions_waiting` partitions of unfinished jobs that have been planned, but are neither done nor failed.
    """

    waiting: int
    replays_waiting: int
    oldest_waiting_seconds: float
    running: int
    workers: int
    oldest_transaction_seconds: float
    oldest_snapshot_transactions: int
    replays_unfinished: int = 0
    deliveries_pending: int = 0
    jobs_unfinished: int = 0
    job_partitions_waiting: int = 0


class ExpiredExecutions(Protocol):
    """Removal of executions that ended some time ago, by the store's own clock.

    The script's own retention sets that time, or else `kept_for`; without either, executions are retained. All methods
    go from script to script, in the order of ids and beginning with `first`, and take up to `count` executions, of each
    version the oldest first. Rows locked by another transaction are skipped.

    Executions of a batch expire with it, when it has finished that long ago: both methods take the batches along, which
    do not count.
    """

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> PurgedBatch:
        """Remove contents like `Executions.remove_content`, each through `remove`, which gets the store's own time.

        Those of batches that have lost theirs come first, whatever their scripts and their retention."""
        ...

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        """Delete the record too, with all that belongs to it."""
        ...

    async def delete_replays(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        """Delete the records of replays on versions that finished that long ago, but not of their executions."""
        ...

    async def remove_job_contents(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        """Remove the contents of jobs that finished that long ago, like `Jobs.remove_content`."""
        ...

    async def delete_jobs(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        """Delete the records of jobs that finished that long ago, with their partitions."""
        ...


class CheckReadiness(Protocol):
    """Checks the service's dependencies. Never raises."""

    async def __call__(self) -> Readiness: ...


class ReadQueueStats(Protocol):
    """A cheap reading of the store's load, for monitoring."""

    async def __call__(self) -> QueueStats: ...


class ReadQueueState(Protocol):
    """A cheap reading of the queue, for its users."""

    async def __call__(self) -> QueueState: ...
