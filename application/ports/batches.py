"""Port to the batches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import field, frozen
from returns.result import Result

from application.ports.errors import Conflict
from application.ports.executions import OPEN, Expected
from domain.audit import ANONYMOUS, Actor
from domain.batches import Batch, BatchCounts
from domain.body import Body, Digest
from domain.execution import Execution, Failed, Finished, Pending, State, Succeeded, state_of
from domain.idempotency import KeyRecord, RequestFingerprint
from domain.outcome import ScriptError


@frozen
class BatchFilter:
    """Filter of a list of batches. An absent member shows all."""

    script: UUID | None = None
    version: int | None = None


@frozen(kw_only=True)
class NewBatch:
    """A batch to be stored with its executions, in the order of their lines and of their ids, their datasets, the actor
    who submitted them, the expected state of the script, and the request with its idempotency key, if it has one.

    The executions have the batch's script, version, time and API key, and all the same trace."""

    batch: Batch
    executions: Sequence[Pending]
    datasets: Sequence[Body]
    by: Actor = ANONYMOUS
    expected: Expected = OPEN
    request: RequestFingerprint | None = None


@frozen
class BatchRecord:
    """A stored batch with its executions counted by their states, and the name of the API key that submitted it."""

    batch: Batch
    counts: BatchCounts
    submitted_by: str | None = None


@frozen
class BatchLine:
    """A line of a batch: its number and its client's reference, and of its execution what the results of a batch show.

    `result` is in its stored form, or only its digest if it is long; it is None if there is none, or none is wanted.
    """

    number: int
    reference: str | None
    execution_id: UUID
    state: State
    error: ScriptError | None = None
    content_removed_at: datetime | None = None
    result: Body | Digest | None = field(default=None, repr=False)


def line_of(execution: Execution, result: Body | Digest | None = None) -> BatchLine:
    """Present an execution of a batch as a line of it."""
    place = execution.submission.attribution.batch
    assert place is not None, "it is of a batch"
    return BatchLine(
        number=place.line,
        reference=place.reference,
        execution_id=execution.submission.id,
        state=state_of(execution),
        error=execution.error if isinstance(execution, Failed) else None,
        content_removed_at=execution.content_removed_at if isinstance(execution, Succeeded | Failed) else None,
        result=result,
    )


class Batches(Protocol):
    """The batches. Whatever ends an execution of one counts that end with it, atomically, so a batch finishes with the
    end of its last execution, which wakes its readers.

    Each change is audited in the same transaction, with the actor `by`.
    """

    async def add(self, new: NewBatch) -> Result[None, KeyRecord | Conflict]:
        """Store a batch with its executions, durably, and wake the workers: all of it, or nothing if its key is taken
        or the script is not as expected. A taken key's record is the failure in either case. The key's record names
        the first execution of the batch."""
        ...

    async def find(self, batch_id: UUID) -> BatchRecord | None:
        """Find a batch."""
        ...

    async def page(self, wanted: BatchFilter, before: UUID | None, limit: int) -> Sequence[BatchRecord]:
        """List up to `limit` batches that match the filter, newest first, whose ids come before `before`."""
        ...

    async def lines(
        self, batch_id: UUID, after_line: int, limit: int, result_bytes: int | None = None
    ) -> Sequence[BatchLine]:
        """List up to `limit` lines of a batch in their order, which come after `after_line`; with their results, if
        `result_bytes` is the most that these have together, as text.

        The page ends before the result with which they would have more. A result that has more alone is long: its line
        is a page by itself.
        """
        ...

    async def cancel(self, batch_id: UUID, at: datetime, by: Actor = ANONYMOUS) -> int:
        """Fail all executions of a batch that have not ended with `cancelled`, all at once, and notify the workers that
        hold some of them. Return their number."""
        ...

    async def mark_removed(self, removed: Batch, by: Actor = ANONYMOUS) -> None:
        """Record the time at which the content of a finished batch was removed, unless it has one: retention removes
        the content of its executions even if the process that was to do so dies."""
        ...

    async def with_content(self, batch_id: UUID, limit: int) -> Sequence[Finished]:
        """List up to `limit` executions of a batch that have ended and have their content."""
        ...

    async def remove_content(self, removed: Sequence[Finished], by: Actor = ANONYMOUS) -> None:
        """Remove the content of executions as `Executions.remove_content` does."""
        ...
