"""Read a batch, at once or as soon as it has finished."""

from uuid import UUID

from attrs import frozen
from returns.result import Failure, Result, Success

from application.executions.completion_signals import wait_for
from application.ports.batches import Batches, BatchRecord
from application.ports.executions import CompletionSignals


@frozen
class UnknownBatch:
    """No batch has that id."""

    id: UUID


async def read_batch(
    batches: Batches, completions: CompletionSignals, batch_id: UUID, wait_seconds: float = 0
) -> Result[BatchRecord, UnknownBatch]:
    """Read the batch as it is now, or, if it has not finished, when it does or `wait_seconds` have passed."""
    with completions.watch(batch_id) as finished:  # before the first look, so that no end falls between the two
        found = await batches.find(batch_id)
        if wait_seconds > 0 and found is not None and found.batch.finished_at is None:
            await wait_for(finished, wait_seconds)
            found = await batches.find(batch_id)
    return Success(found) if found is not None else Failure(UnknownBatch(batch_id))
