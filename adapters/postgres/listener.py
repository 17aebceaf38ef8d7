"""A connection that listens to channels of PostgreSQL, made anew whenever it ends."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import psycopg

from adapters.postgres.connections import Connection, answers_within, connection_parameters, give_settings
from adapters.postgres.failures import connection_failure
from adapters.postgres.session import Pooling
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic

log: Final = logging.getLogger(__name__)

RETRY_SECONDS: Final = 0.5
LONGEST_RETRY_SECONDS: Final = 5.0
PROBE_SECONDS: Final = 10.0
"""The silence after which a listener probes its server, and the time limit of the answer."""

Handlers: TypeAlias = Mapping[str, Callable[[str], None]]
"""The function of each channel, called with each message's payload."""

_SHARED: Final = (
    "the database is behind a pooler with transaction pooling, which does not support LISTEN: set DATABASE_DIRECT_URL "
    "to the server itself (or DATABASE_POOLER=session if the pooler uses session pooling)"
)


class _CannotListen(Exception):
    """The connection is none that notifications reach."""


class Listener:
    """`trouble` is why it does not listen now; empty while it does. Each change of it is logged, once."""

    def __init__(
        self, url: str, handlers: Handlers, pooling: Pooling = Pooling.AUTO, monitor: TaskMonitor | None = None
    ) -> None:
        self._url, self._handlers, self._pooling, self._monitor = url, handlers, pooling, monitor or TaskMonitor()
        self._retry_seconds = RETRY_SECONDS
        self.trouble = "not connected yet"
        self.has_tried: Final = asyncio.Event()

    async def listen(self, on_connected: Callable[[], None]) -> None:
        """Listen for ever. `on_connected` is called after each new connection: earlier messages were lost."""
        await periodic(
            BackgroundTask.LISTEN, self._next_pause, lambda: self._try_to_listen(on_connected), self._monitor
        )

    async def _try_to_listen(self, on_connected: Callable[[], None]) -> None:
        try:
            await self._listen_once(on_connected)
        except Exception as error:
            self._report(error)
            if not isinstance(error, psycopg.Error | _CannotListen):
                raise

    def _next_pause(self) -> float:
        pause, self._retry_seconds = self._retry_seconds, min(2 * self._retry_seconds, LONGEST_RETRY_SECONDS)
        return pause

    async def _listen_once(self, on_connected: Callable[[], None]) -> None:
        name = f"listener on {', '.join(self._handlers)}"
        async with await Connection.connect(self._url, **connection_parameters(self._url, name)) as conn:
            await give_settings(conn, self._pooling)
            if conn.is_shared:
                raise _CannotListen(_SHARED)
            await conn.execute("; ".join(f"listen {channel}" for channel in self._handlers).encode())
            self._begin()
            on_connected()
            while True:
                async for notification in conn.notifies(timeout=PROBE_SECONDS):
                    self._handle(notification)
                async with answers_within(conn, PROBE_SECONDS):
                    await conn.execute("select 1")

    def _handle(self, notification: psycopg.Notify) -> None:
        """Pass a notification on. One that cannot be read costs neither the connection nor the next notification."""
        try:
            self._handlers[notification.channel](notification.payload)
        except Exception as error:
            self._monitor.failed(BackgroundTask.LISTEN, error)
        else:
            self._monitor.succeeded(BackgroundTask.LISTEN)

    def _begin(self) -> None:
        if self.has_tried.is_set():
            log.info("listening on %s", ", ".join(self._handlers))
        self.trouble, self._retry_seconds = "", RETRY_SECONDS
        self.has_tried.set()

    def _report(self, error: Exception) -> None:
        trouble = self._words(error)
        if trouble != self.trouble:
            log.warning("not listening on %s, polling instead: %s", ", ".join(self._handlers), trouble)
        self.trouble = trouble
        self.has_tried.set()

    def _words(self, error: Exception) -> str:
        if isinstance(error, _CannotListen):
            return str(error)
        return connection_failure(error).text if self.trouble else f"connection lost ({type(error).__name__})"
