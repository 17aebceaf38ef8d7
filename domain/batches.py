"""Batches: the datasets of one request, each with an execution of its own, all of the same version.

    pending --start of the first execution--> running --end of the last execution--> finished

A batch counts the ends of its executions; it has finished when all of them have ended, however they did. Cancelling it
ends those that have not. Content is removed from all of its executions, and only once it has finished.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from domain.execution import ScriptReference


class BatchStatus(StrEnum):
    """State of a batch. The values are part of the wire format."""

    PENDING = "pending"
    RUNNING = "running"
    FINISHED = "finished"


@frozen(kw_only=True)
class Batch:
    """A batch of `lines` executions, of which `succeeded` and `failed` have ended.

    `submitted_by` is the id of an API key, `alias` the name by which the request named the version. `finished_at` is
    not before the end of any execution of the batch.
    """

    id: UUID
    script: ScriptReference
    lines: int
    submitted_at: datetime
    submitted_by: UUID | None = None
    alias: str | None = None
    succeeded: int = 0
    failed: int = 0
    cancelled_at: datetime | None = None
    finished_at: datetime | None = None
    content_removed_at: datetime | None = None

    @property
    def unfinished(self) -> int:
        """The number of executions that have not ended."""
        return self.lines - self.succeeded - self.failed


@frozen
class BatchCounts:
    """The executions of a batch by their states."""

    pending: int
    running: int
    succeeded: int
    failed: int


@frozen
class BatchNotFinished:
    """The operation requires a finished batch."""

    actual: Batch


@frozen
class BatchAlreadyFinished:
    """The operation requires a batch that has not finished."""

    actual: Batch


def as_unfinished(batch: Batch) -> Result[Batch, BatchAlreadyFinished]:
    """Narrow a batch to one that has not finished."""
    return Success(batch) if batch.finished_at is None else Failure(BatchAlreadyFinished(batch))


def cancel(batch: Batch, at: datetime) -> Batch:
    """Record the cancellation of a batch that has not finished. The first cancellation counts."""
    return evolve(batch, cancelled_at=batch.cancelled_at or max(at, batch.submitted_at))


def record_ends(batch: Batch, succeeded: int, failed: int, at: datetime) -> Batch:
    """Count the ends of executions, the last of which came at that time. The last end of all finishes the batch."""
    assert succeeded >= 0, "ends are counted once"
    assert failed >= 0, "ends are counted once"
    counted = evolve(batch, succeeded=batch.succeeded + succeeded, failed=batch.failed + failed)
    assert counted.unfinished >= 0, "an execution ends once"
    return evolve(counted, finished_at=max(at, batch.submitted_at)) if counted.unfinished == 0 else counted


def counts_of(batch: Batch, running: int) -> BatchCounts:
    """Count the executions by their states. `running` was counted a moment before or after, so it is bounded."""
    running = min(running, batch.unfinished)
    return BatchCounts(batch.unfinished - running, running, batch.succeeded, batch.failed)


def status_of(counts: BatchCounts) -> BatchStatus:
    """Name the state of a batch."""
    if counts.pending + counts.running == 0:
        return BatchStatus.FINISHED
    return BatchStatus.RUNNING if counts.running + counts.succeeded + counts.failed else BatchStatus.PENDING


def remove_content(batch: Batch, at: datetime) -> Result[Batch, BatchNotFinished]:
    """Record the removal of the content of all executions. Removing it again changes nothing."""
    if batch.finished_at is None:
        return Failure(BatchNotFinished(batch))
    return Success(batch if batch.content_removed_at else evolve(batch, content_removed_at=max(at, batch.finished_at)))
