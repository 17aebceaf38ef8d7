"""Enforces retention: deletes content first, then the execution record.

It works in small transactions, with pauses longer than the work, so that it uses only a part of the database's
capacity. Several processes may run it concurrently, and it may stop at any moment.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from application.ports.operations import ExpiredExecutions, PurgedBatch
from domain.redaction import remove_content
from domain.retention import Retention

BATCH: Final = 100
_PAUSE: Final = 6
"""Pauses are so many times as long as the work between them."""
_BEFORE_ALL: Final = UUID(int=0)

log: Final = logging.getLogger(__name__)


async def remove_expired(
    expired: ExpiredExecutions, general: Retention, monotonic: Callable[[], float]
) -> tuple[int, int]:
    """Delete all that has expired by now, by a script's own retention or `general`; return the numbers of contents and
    of records of executions."""
    # records first, since their content goes with them
    deleted = await _throttled(lambda first: expired.delete(general.rows, first, BATCH), monotonic)
    removed = await _throttled(
        lambda first: expired.remove_contents(general.content, first, BATCH, remove_content), monotonic
    )
    await _throttled(lambda first: expired.delete_replays(general.rows, first, BATCH), monotonic)
    await _remove_jobs(expired, general, monotonic)
    if removed or deleted:
        log.info("removed the content of %d expired executions and the records of %d", removed, deleted)
    return removed, deleted


async def _remove_jobs(expired: ExpiredExecutions, general: Retention, monotonic: Callable[[], float]) -> None:
    deleted = await _throttled(lambda first: expired.delete_jobs(general.rows, first, BATCH), monotonic)
    removed = await _throttled(lambda first: expired.remove_job_contents(general.content, first, BATCH), monotonic)
    if removed or deleted:
        log.info("removed the content of %d expired jobs and the records of %d", removed, deleted)


async def _throttled(batch: Callable[[UUID], Awaitable[PurgedBatch]], monotonic: Callable[[], float]) -> int:
    total = 0
    go_on: UUID | None = _BEFORE_ALL
    while go_on is not None:
        began = monotonic()
        taken = await batch(go_on)
        total, go_on = total + taken.count, taken.next_script
        await asyncio.sleep(_PAUSE * (monotonic() - began))
    return total
