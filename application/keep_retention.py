"""Executions are kept no longer than they should be: first their content goes, later the record.

Some at a time, in transactions of their own, and with pauses that are longer than the work, so that it takes a part of
what the database can do and no more. Several processes may do it at once, and it may end at any moment.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from attrs import frozen

from application.messages import Unavailable
from application.ports import ExpiredExecutions
from domain.content import remove_content

BATCH: Final = 100
_PAUSE: Final = 4
"""Pauses are so many times as long as the work between them."""

log: Final = logging.getLogger(__name__)


@frozen
class Retention:
    """How long after its end an execution's content is kept, and its record; None for ever."""

    content: timedelta | None = None
    rows: timedelta | None = None


async def keep_retention(
    expired: ExpiredExecutions,
    retention: Retention,
    every_seconds: float,
    monotonic: Callable[[], float],
) -> None:
    """Do it for ever."""
    while True:
        try:
            await remove_expired(expired, retention, monotonic)
        except Unavailable as error:
            log.warning("expired executions stay for now: %s", error)
        await asyncio.sleep(every_seconds)


async def remove_expired(
    expired: ExpiredExecutions, retention: Retention, monotonic: Callable[[], float]
) -> tuple[int, int]:
    """Remove all that has expired by now; how many contents and records."""
    content, rows = retention.content, retention.rows
    deleted = removed = 0
    if rows is not None:  # first, since their content goes with them
        deleted = await _gently(lambda: expired.delete(rows, BATCH), monotonic)
    if content is not None:
        removed = await _gently(lambda: expired.remove_contents(content, BATCH, remove_content), monotonic)
    if removed or deleted:
        log.info("of %d expired executions the content was removed, and the record of %d", removed, deleted)
    return removed, deleted


async def _gently(batch: Callable[[], Awaitable[int]], monotonic: Callable[[], float]) -> int:
    total, last = 0, BATCH
    while last == BATCH:
        began = monotonic()
        total += (last := await batch())
        await asyncio.sleep(_PAUSE * (monotonic() - began))
    return total
