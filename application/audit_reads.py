"""Who read what is written down in batches: soon, all of it before the process ends, and never while a reader waits.

What is just being written when the process is told to stop may be there twice. Only a process that dies loses any.
"""

import asyncio
import logging
from datetime import datetime
from typing import Final

from application.messages import Unavailable
from application.ports import AuditTrail, Clock
from domain.audit import Deed

MOST_AT_ONCE: Final = 1_000

log: Final = logging.getLogger(__name__)


class ReadsSeen:
    """What was read and is not written down yet. For one event loop."""

    def __init__(self, trail: AuditTrail, clock: Clock) -> None:
        self._trail, self._clock = trail, clock
        self._seen: list[tuple[datetime, Deed]] = []

    def note(self, deed: Deed) -> None:
        """Remember it, with the time."""
        self._seen.append((self._clock(), deed))

    async def keep(self) -> None:
        """Write down all that was noted before, oldest first. What cannot be written stays where it was."""
        while batch := self._seen[:MOST_AT_ONCE]:
            await self._trail.add(batch)
            del self._seen[: len(batch)]


async def keep_reads(seen: ReadsSeen, every_seconds: float) -> None:
    """Do it for ever."""
    while True:
        await asyncio.sleep(every_seconds)
        try:
            await seen.keep()
        except Unavailable as error:
            log.warning("what was read is not in the audit trail yet: %s", error)
