"""Signals through PostgreSQL's LISTEN and NOTIFY. They only save time: every announced change is also polled for, more
often while nothing listens.

A listener has a connection of its own, because reading notifications holds a connection for good. They are sent by
`notifier`, and by `cancel.sql` and `cancel_batch.sql`.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Final
from uuid import UUID

from adapters.postgres.connections import Pool, connection
from adapters.postgres.listener import Handlers, Listener
from adapters.postgres.notifier import CANCELLED, ENDED, EVENTS, JOBS, PENDING
from adapters.postgres.queries import query
from adapters.postgres.session import Pooling
from application.executions.completion_signals import WatchedCompletions
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic

LOOK_SECONDS: Final = 3.0
_ID_CHARACTERS: Final = 36
DEAF_LOOK_SECONDS: Final = 0.5
"""The pause between two polls while nothing listens. A cancelled run must end within a second even then."""


class WorkListener(Listener):
    """Calls `wake` whenever executions may be waiting, and `drop` with every claim that a user cancelled."""

    def __init__(
        self,
        url: str,
        wake: Callable[[], None],
        drop: Callable[[UUID], None],
        pooling: Pooling = Pooling.AUTO,
        monitor: TaskMonitor | None = None,
    ) -> None:
        handlers: Handlers = {
            PENDING: lambda _: wake(),
            CANCELLED: lambda claim_id: drop(UUID(claim_id)),
        }
        super().__init__(url, handlers, pooling, monitor)
        self._wake = wake

    async def run(
        self,
        check_claims: Callable[[], None] = lambda: None,
        on_events: Callable[[], None] | None = None,
        on_jobs: Callable[[], None] | None = None,
    ) -> None:
        """Listen for ever; also for deliveries to webhooks if `on_events` is given, and for jobs if `on_jobs` is, which
        are called for them.

        Periodically while listening fails, and once after each new connection, the worker is woken and the functions
        are called, since anything may have been missed."""
        others = {channel: called for channel, called in ((EVENTS, on_events), (JOBS, on_jobs)) if called is not None}
        self._handlers = {**self._handlers, **{channel: _without_payload(called) for channel, called in others.items()}}

        def poll() -> None:
            self._wake()
            check_claims()
            for called in others.values():
                called()

        async def poll_if_deaf() -> None:
            if self.trouble:
                poll()

        async with asyncio.TaskGroup() as group:
            group.create_task(periodic(BackgroundTask.WAKE_WORKER, DEAF_LOOK_SECONDS, poll_if_deaf, self._monitor))
            group.create_task(self.listen(on_connected=poll))


def _without_payload(called: Callable[[], None]) -> Callable[[str], None]:
    return lambda _: called()


def watched_in(payload: str, watched: Collection[UUID]) -> Iterable[UUID]:
    """Read the ids of a payload that may be watched: all of them, or where fewer are watched, those of these.

    Every process hears of every end, and most ends are watched by none of its readers.
    """
    if len(watched) * (_ID_CHARACTERS + 1) <= len(payload):
        return [one for one in watched if str(one) in payload]
    return map(UUID, payload.split(","))


class EndingsListener(Listener):
    """Announces every execution that ends, and polls for the watched ones every few seconds besides."""

    def __init__(
        self,
        url: str,
        endings: WatchedCompletions,
        pooling: Pooling = Pooling.AUTO,
        monitor: TaskMonitor | None = None,
    ) -> None:
        def announce(payload: str) -> None:
            endings.notify(watched_in(payload, endings.watched()))

        super().__init__(url, {ENDED: announce}, pooling, monitor)
        self._endings = endings

    async def run(self, pool: Pool) -> None:
        """Listen, and poll, for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(
                periodic(
                    BackgroundTask.LOOK_UP_COMPLETIONS,
                    lambda: DEAF_LOOK_SECONDS if self.trouble else LOOK_SECONDS,
                    lambda: self._look_at_watched(pool),
                    self._monitor,
                )
            )
            group.create_task(self.listen(on_connected=lambda: None))

    async def _look_at_watched(self, pool: Pool) -> None:
        if watched := self._endings.watched():
            async with connection(pool) as conn:
                rows = await (await conn.execute(query("ended"), {"ids": list(watched)})).fetchall()
            self._endings.notify(row["id"] for row in rows)
