"""The pool of a process: its connections have the same settings, and one that a server has closed is never lent.

Dead peers (a cut network, a stalled proxy) are detected at two levels: TCP keepalive with a limit on unacknowledged
data, and a statement deadline (`answers_within`).
"""

import asyncio
import logging
import os
import select
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool

from adapters.postgres.arrays import register_arrays
from adapters.postgres.failures import PoolLogFilter
from adapters.postgres.session import Pooling, session_settings

_RECONNECT_SECONDS: Final = 2.0
"""The time for which the pool retries by itself, with ever longer pauses; then each new caller makes it retry."""
_TRUSTED_SECONDS: Final = 5.0
"""After so long without use a connection is tried before it is lent: a network may have forgotten it."""
_TRY_SECONDS: Final = 2.0

_NETWORK: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
_LOG_FILTER: Final = PoolLogFilter()


class Connection(psycopg.AsyncConnection[DictRow]):
    """A connection of a pool. `is_shared` means that a pooler lends the server's side of it for a transaction at a
    time, so that no session state persists; `used_at` is the time when it was last known to work."""

    is_shared = False
    is_hung_up = False
    used_at = 0.0


class Pool(AsyncConnectionPool[Connection]):
    """The connections of a process. `refuses_writes` is set when the database has failed to write: its disk is full, a
    quota used up, or another server about to replace it. Readers notice nothing of that."""

    refuses_writes = False
    notifier: object = None  # of the class that `notifier_of` gives it

    async def getconn(self, timeout: float | None = None) -> Connection:  # noqa: ASYNC109 - the base class has it so
        """Take a connection that works. A server that closed some of them meanwhile costs its users no error."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            conn = await super().getconn(max(0.001, deadline - time.monotonic()))
            if await _works(conn):
                return conn
            await conn.close()
            await super().putconn(conn)

    async def putconn(self, conn: Connection) -> None:
        conn.used_at = time.monotonic()
        await super().putconn(conn)


def connection_parameters(url: str, name: str) -> dict[str, Any]:
    """Build the parameters of every connection of this service. The operator's choices, in the URL or in libpq's
    environment, take precedence. `name` shows in `pg_stat_activity` unless the URL names another."""
    chosen = {one.keyword.decode() for one in Conninfo.get_defaults() if one.val is not None} | {*conninfo_to_dict(url)}
    network = {name: value for name, value in _NETWORK.items() if name not in chosen}
    ours = {"client_encoding": "UTF8", "fallback_application_name": name, "row_factory": dict_row, "autocommit": True}
    return ours | network


def open_pool(
    url: str,
    name: str,
    size: int,
    pooling: Pooling = Pooling.AUTO,
    connection_class: type[Connection] = Connection,
) -> Pool:
    """Create a pool of at most `size` connections, as a context manager. A caller waits at most 10 s for its turn."""
    logging.getLogger("psycopg.pool").addFilter(_LOG_FILTER)

    async def configure(conn: Connection) -> None:
        await give_settings(conn, pooling)
        set_json_loads(
            msgspec.json.decode, conn
        )  # a tenth of the time of `json.loads`, for each column that is not null

    return Pool(
        url,
        connection_class=connection_class,
        configure=configure,
        kwargs=connection_parameters(url, name),
        min_size=1,
        max_size=size,
        timeout=10,
        reconnect_timeout=_RECONNECT_SECONDS,
        open=False,
        name=name,
    )


async def give_settings(conn: Connection, pooling: Pooling) -> None:
    """Apply the session's settings and our dumpers to a new connection, or detect that it has no session of its own."""
    register_arrays(conn)
    settings = session_settings(pooling, conn.info.backend_pid, conn.info.server_version)
    row = await (await conn.execute(settings)).fetchone()
    assert row is not None, "it selects no table"
    strange = pooling is Pooling.AUTO and row["pid"] != conn.info.backend_pid
    conn.is_shared = strange or pooling is Pooling.TRANSACTION
    if conn.is_shared:
        conn.prepare_threshold = None
    conn.used_at = time.monotonic()


@asynccontextmanager
async def answers_within(conn: Connection, seconds: float) -> AsyncIterator[None]:
    """Close the connection if the block takes longer, so that the waiting caller sees a lost connection at once.

    A cancelled task would not do: psycopg waits, for a while, for a silent server to confirm a cancellation.
    """
    hanging_up = asyncio.get_running_loop().call_later(seconds, _hang_up, conn)
    try:
        yield
    finally:
        hanging_up.cancel()


def _hang_up(conn: Connection) -> None:
    conn.is_hung_up = True
    with suppress(psycopg.OperationalError, OSError), socket.socket(fileno=os.dup(conn.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)


async def _works(conn: Connection) -> bool:
    """Tell whether an idle connection still works. One that was used just now and has nothing to read is trusted: a
    server that closes a connection reports that first, or at least closes the socket."""
    try:
        if time.monotonic() - conn.used_at < _TRUSTED_SECONDS and not _has_something_to_read(conn):
            return True
        async with answers_within(conn, _TRY_SECONDS):
            await conn.execute("")
    except psycopg.Error:
        return False
    return True


def _has_something_to_read(conn: Connection) -> bool:
    looking = select.poll()
    looking.register(conn.fileno(), select.POLLIN)
    return bool(looking.poll(0))
