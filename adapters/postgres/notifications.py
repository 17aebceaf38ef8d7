"""Signals through PostgreSQL's LISTEN and NOTIFY. They only hasten: everybody also looks for themselves now and then.

A listener has a connection of its own, because reading notifications holds a connection for good. A commit that
notifies takes a lock that all of them share, so there is one for all who submit together and one for all endings that
are kept together, never one an execution. A cancellation, which is rare, has its own.
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

RETRY_SECONDS: Final = 0.5
LOOK_SECONDS: Final = 3.0
PROBE_SECONDS: Final = 10.0
"""After how long a silence a listener asks whether anybody is there, and how long that may take."""

_Handlers: TypeAlias = Mapping[str, Callable[[str], None]]
"""By channel, what is called with each message's payload."""


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
