"""End a batch on its user's wish: its executions that have not ended, whether they wait or run."""

from typing import TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.batches.read import UnknownBatch
from application.ports.batches import Batches, BatchRecord
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Actor
from domain.batches import BatchAlreadyFinished, as_unfinished

BatchCancellationRefused: TypeAlias = UnknownBatch | BatchAlreadyFinished


async def cancel_batch(
    batches: Batches, clock: Clock, batch_id: UUID, by: Actor = ANONYMOUS
) -> Result[BatchRecord, BatchCancellationRefused]:
    """Fail what has not ended with `cancelled`. Workers are notified to stop, and later completions are discarded."""
    found = await batches.find(batch_id)
    if found is None:
        return Failure(UnknownBatch(batch_id))
    narrowed = as_unfinished(found.batch)
    if not is_successful(narrowed):
        return Failure(narrowed.failure())
    cancelled = await batches.cancel(batch_id, clock(), by)
    now = await batches.find(batch_id)
    if now is None:
        return Failure(UnknownBatch(batch_id))
    return Success(now) if cancelled else Failure(BatchAlreadyFinished(now.batch))
