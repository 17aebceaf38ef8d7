"""Audit of reads, written in batches: soon, all of them before the process ends, and never while a reader waits.

A batch that is being written when the process stops may be stored twice. Only a process that dies loses any.
"""

import asyncio
import logging
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from attrs import evolve

from application.ports.access import AuditTrail
from application.ports.errors import Unavailable
from application.ports.system import Clock
from domain.audit import Actor, AuditEvent

MOST_AT_ONCE: Final = 1_000
REPEATED_WITHIN: Final = timedelta(minutes=1)
MOST_REMEMBERED: Final = 10_000

log: Final = logging.getLogger(__name__)


class AuditReadBuffer:
    """Reads that are not yet recorded. For one event loop."""

    def __init__(self, trail: AuditTrail, clock: Clock) -> None:
        self._trail, self._clock = trail, clock
        self._seen: list[tuple[datetime, AuditEvent]] = []
        self._recent: OrderedDict[AuditEvent, datetime] = OrderedDict()

    def record(self, deed: AuditEvent) -> None:
        """Buffer the event, with the time."""
        self._seen.append((self._clock(), deed))

    def record_once(self, deed: AuditEvent) -> None:
        """Buffer the event, unless the same key has done the same within the last minute: lists and polls repeat
        themselves.

        If very many different events come within a minute, the oldest are forgotten and may be recorded again.
        """
        now, done = self._clock(), evolve(deed, actor=Actor(deed.actor.key_id))
        last = self._recent.get(done)
        if last is not None and timedelta() <= now - last < REPEATED_WITHIN:
            return
        self._recent[done] = now
        self._recent.move_to_end(done)
        if len(self._recent) > MOST_REMEMBERED:
            self._recent.popitem(last=False)
        self.record(deed)

    async def flush(self) -> None:
        """Write down all that was noted before, oldest first. What cannot be written stays where it was."""
        while batch := self._seen[:MOST_AT_ONCE]:
            await self._trail.add(batch)
            del self._seen[: len(batch)]


async def flush_periodically(seen: AuditReadBuffer, every_seconds: float) -> None:
    """Do it for ever."""
    while True:
        await asyncio.sleep(every_seconds)
        try:
            await seen.flush()
        except Unavailable as error:
            log.warning("audited reads are not stored yet: %s", error)
