"""Notifications of committed changes, each sent after its commit by a statement of its own.

A commit that notifies takes a lock that all such commits share, and holds it through its flush: durable commits that
notify are flushed one by one. The statement here changes no row and waits for no flush. If it fails, or the process
ends first, listeners find the change by polling. A cancellation, which is rare and must end a run within a second,
notifies in its own transaction.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from adapters.postgres.connections import Pool, connection
from adapters.postgres.queries import query
from application.maintenance.periodic import BackgroundTask, TaskMonitor

PENDING: Final = "bateia_pending"
ENDED: Final = "bateia_ended"
CANCELLED: Final = "bateia_cancelled"
EVENTS: Final = "bateia_webhooks"
JOBS: Final = "bateia_jobs"

_MOST_IDS: Final = 200
"""Ids in one payload, which must stay under 8,000 bytes."""
_DRAIN_SECONDS: Final = 2.0


class Notifier:
    """The notifications of one process: one statement at a time, and changes that are reported while it runs share the
    next. For one event loop."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._has_pending = self._has_events = self._has_jobs = False
        self._ended: dict[UUID, None] = {}
        self._sending: asyncio.Task[None] | None = None
        self.monitor = TaskMonitor()

    def notify_pending(self) -> None:
        """Wake workers: executions are pending."""
        self._has_pending = True
        self._send_soon()

    def notify_events(self) -> None:
        """Wake the senders of webhooks: deliveries are waiting."""
        self._has_events = True
        self._send_soon()

    def notify_jobs(self) -> None:
        """Wake what starts runners: jobs are waiting."""
        self._has_jobs = True
        self._send_soon()

    def notify_ended(self, ids: Iterable[UUID]) -> None:
        """Wake the readers of executions, and of what consists of them, that have ended."""
        self._ended |= dict.fromkeys(ids)
        if self._ended:
            self._send_soon()

    async def drain(self) -> None:
        """Return once everything reported so far has been sent, or after a short while without success."""
        if self._sending is not None:
            await asyncio.wait([self._sending], timeout=_DRAIN_SECONDS)

    def _send_soon(self) -> None:
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())

    async def _send_all(self) -> None:
        try:
            while messages := self._take():
                await self._send(messages)
        finally:
            self._sending = None

    def _take(self) -> Sequence[tuple[str, str]]:
        messages = [(PENDING, "")] if self._has_pending else []
        messages += [(EVENTS, "")] if self._has_events else []
        messages += [(JOBS, "")] if self._has_jobs else []
        messages += [(ENDED, payload) for payload in payloads(list(self._ended))]
        self._has_pending = self._has_events = self._has_jobs = False
        self._ended = {}
        return messages

    async def _send(self, messages: Sequence[tuple[str, str]]) -> None:
        channels, texts = zip(*messages, strict=True)
        try:
            async with connection(self._pool) as conn:
                await conn.execute(query("notify"), {"channels": list(channels), "payloads": list(texts)})
        except Exception as error:
            self.monitor.failed(BackgroundTask.NOTIFY, error)
        else:
            self.monitor.succeeded(BackgroundTask.NOTIFY)


def payloads(ids: Sequence[UUID]) -> list[str]:
    """Join ids to payloads that PostgreSQL accepts."""
    return [",".join(map(str, ids[first : first + _MOST_IDS])) for first in range(0, len(ids), _MOST_IDS)]


def notifier_of(pool: Pool) -> Notifier:
    """Return the notifier of a pool, which all stores on that pool share."""
    if not isinstance(pool.notifier, Notifier):
        pool.notifier = Notifier(pool)
    return pool.notifier
