"""Remove what a batch was about, on its user's wish: the content of all of its executions. The records stay."""

from typing import Final, TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.batches.read import UnknownBatch
from application.ports.batches import Batches
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Actor
from domain.batches import BatchNotFinished
from domain.batches import remove_content as without_content
from domain.redaction import remove_content as redact

REMOVED_AT_ONCE: Final = 200

BatchRemovalRefused: TypeAlias = UnknownBatch | BatchNotFinished


async def remove_batch_content(
    batches: Batches, clock: Clock, batch_id: UUID, by: Actor = ANONYMOUS
) -> Result[None, BatchRemovalRefused]:
    """Remove datasets, results and logs before this returns.

    The batch is marked first: if this process dies meanwhile, retention removes the rest, and so does another call.
    """
    found = await batches.find(batch_id)
    if found is None:
        return Failure(UnknownBatch(batch_id))
    removal = without_content(found.batch, clock())
    if not is_successful(removal):
        return Failure(removal.failure())
    removed = removal.unwrap()
    assert removed.content_removed_at is not None, "it was just set"
    await batches.mark_removed(removed, by)
    while left := await batches.with_content(batch_id, REMOVED_AT_ONCE):
        await batches.remove_content([redact(one, removed.content_removed_at) for one in left], by)
    return Success(None)
