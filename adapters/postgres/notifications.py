"""Signals through PostgreSQL's LISTEN and NOTIFY. They only hasten: everybody also looks for themselves now and then.

A listener has a connection of its own, because reading notifications holds a connection for good. A notification
takes a lock at commit that all of them share, so an executions' arrival is announced at most once in a while, and
never in the transaction that keeps it. A cancellation, which is rare, is told in its own.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, TypeAlias
from uuid import UUID

import psycopg

from adapters.postgres.connections import Pool, answers_within, connection, connection_parameters
from adapters.postgres.queries import query
from application.endings import WatchedEndings
from application.messages import Unavailable

log: Final = logging.getLogger(__name__)

QUIET_SECONDS: Final = 0.01
RETRY_SECONDS: Final = 0.5
LOOK_SECONDS: Final = 3.0
PROBE_SECONDS: Final = 10.0
"""After how long a silence a listener asks whether anybody is there, and how long that may take."""

_Handlers: TypeAlias = Mapping[str, Callable[[str], None]]
"""By channel, what is called with each message's payload."""


class WorkAnnouncer:
    """Tells the workers that executions wait: the first time at once, then at most once in `QUIET_SECONDS`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._due = False
        self._task: asyncio.Task[None] | None = None

    def announce(self) -> None:
        """Have the workers told soon."""
        self._due = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._announce_while_due())

    async def _announce_while_due(self) -> None:
        while self._due:
            self._due = False
            try:
                async with connection(self._pool) as conn:
                    await conn.execute(query("announce_work"))
            except Unavailable as error:
                log.warning("workers were not told of new work and will find it themselves: %s", error)
            await asyncio.sleep(QUIET_SECONDS)


async def listen_for_work(url: str, wake: Callable[[], None], drop: Callable[[UUID], None]) -> None:
    """Call `wake` whenever executions may be waiting, and `drop` with every claim that a user cancelled, for ever."""
    handlers: _Handlers = {
        "bateia_pending": lambda _: wake(),
        "bateia_cancelled": lambda claim_id: drop(UUID(claim_id)),
    }
    await _listen(url, handlers, on_connected=wake)


async def listen_for_endings(url: str, endings: WatchedEndings, pool: Pool) -> None:
    """Announce every execution that ends, for ever; look at the watched ones every `LOOK_SECONDS` besides."""

    def announce(payload: str) -> None:
        endings.announce(UUID(one) for one in payload.split(","))

    async with asyncio.TaskGroup() as group:
        group.create_task(_look_at_watched(endings, pool))
        group.create_task(_listen(url, {"bateia_ended": announce}, on_connected=lambda: None))


async def _look_at_watched(endings: WatchedEndings, pool: Pool) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if watched := endings.watched():
            with suppress(Unavailable):
                async with connection(pool) as conn:
                    rows = await (await conn.execute(query("ended"), {"ids": list(watched)})).fetchall()
                endings.announce(row["id"] for row in rows)


async def _listen(url: str, handlers: _Handlers, on_connected: Callable[[], None]) -> None:
    while True:
        try:
            await _listen_once(url, handlers, on_connected)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            log.warning("the listener on %s lost its connection: %s", ", ".join(handlers), type(error).__name__)
        await asyncio.sleep(RETRY_SECONDS)


async def _listen_once(url: str, handlers: _Handlers, on_connected: Callable[[], None]) -> None:
    parameters = connection_parameters(f"listener on {', '.join(handlers)}")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, **parameters) as conn:
        await conn.execute("; ".join(f"listen {channel}" for channel in handlers).encode())
        on_connected()  # what was announced before nobody has heard
        while True:
            async for notification in conn.notifies(timeout=PROBE_SECONDS):
                handlers[notification.channel](notification.payload)
            async with answers_within(conn, PROBE_SECONDS):
                await conn.execute("select 1")
