"""Audit of reads, written in batches: soon, all of them before the process ends, and never while a reader waits.

What is just being written when the process is told to stop may be there twice. Only a process that dies loses any.

While the database answers reads and rejects writes (a full disk), records pile up, to `CAPACITY` at most. Beyond it,
reads of content are refused until records can be written again: an unrecorded read is worse than one that has to be
repeated, and a buffer without bound would in the end lose all its records with the process.
"""

from collections import OrderedDict
from collections.abc import Callable
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
CAPACITY: Final = 50_000
"""Records of some 0.7 kB: 35 MB in all, or a minute of 800 reads per second."""


class AuditBufferFull(Unavailable):
    """The buffer has no room for another record, so the content that it would be about must not be shown now."""


class AuditReadBuffer:
    """Reads that are not in the audit trail yet. For one event loop. `on_refused` is called when one has no room."""

    def __init__(
        self,
        trail: AuditTrail,
        clock: Clock,
        capacity: int = CAPACITY,
        on_refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._trail, self._clock, self._capacity, self._on_refused = trail, clock, capacity, on_refused
        self._seen: list[tuple[datetime, AuditEvent]] = []
        self._recent: OrderedDict[AuditEvent, datetime] = OrderedDict()

    @property
    def waiting(self) -> int:
        """The number of records that are not stored yet."""
        return len(self._seen)

    def require_room(self) -> None:
        """Raise `AuditBufferFull` if there is none.

        A request that changes something calls this first. Once it has changed something it must not be refused, so it
        records its reads without `may_refuse`. The requests in progress may thereby exceed the capacity, no others.
        """
        if len(self._seen) >= self._capacity:
            self._on_refused()
            raise AuditBufferFull(f"{len(self._seen)} audit records of reads wait to be stored; no content is shown")

    def record(self, event: AuditEvent, may_refuse: bool = True) -> None:
        """Buffer the event, with the time. Raises `AuditBufferFull`, if that may refuse the request."""
        if may_refuse:
            self.require_room()
        self._seen.append((self._clock(), event))

    def record_once(self, event: AuditEvent, may_refuse: bool = True) -> None:
        """Buffer the event, unless the same key has done the same within the last minute: lists and polls repeat.

        If very many different ones come within a minute, the oldest are forgotten and may be recorded again. Raises as
        `record` does.
        """
        now, done = self._clock(), evolve(event, actor=Actor(event.actor.key_id))
        last = self._recent.get(done)
        if last is not None and timedelta() <= now - last < REPEATED_WITHIN:
            return
        self.record(event, may_refuse)
        self._recent[done] = now
        self._recent.move_to_end(done)
        if len(self._recent) > MOST_REMEMBERED:
            self._recent.popitem(last=False)

    async def flush(self) -> None:
        """Write down all that was noted before, oldest first. What cannot be written stays where it was."""
        while batch := self._seen[:MOST_AT_ONCE]:
            await self._trail.add(batch)
            del self._seen[: len(batch)]
