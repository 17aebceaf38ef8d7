"""Connections: one bounded pool a process, the same settings on each, and outages as `Unavailable`.

A peer that has gone without a word (a cut network, a stalled proxy) is found out twice: by the kernel, through
keepalives and a limit to what stays unacknowledged, and by `connection`, which hangs up on whoever takes too long.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeAlias

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from adapters.postgres.queries import query
from application.messages import Unavailable

Row: TypeAlias = Mapping[str, Any]
"""A row by its columns' names."""
Connection: TypeAlias = psycopg.AsyncConnection[DictRow]


class Pool(AsyncConnectionPool[Connection]):
    """The connections of a process. `refuses_writes` is set when the database has failed to write: its disk is full, a
    quota used up, or another server about to replace it. Readers notice nothing of that."""

    refuses_writes = False


ANSWER_SECONDS: Final = 60.0
"""What the database may take for all that is asked of one borrowed connection; each statement has a limit besides."""

_LIMIT_EXCEEDED: Final = "54"
"""The class of errors that psycopg counts as outages although no later try can do better."""
_WRITE_FAILED: Final = {"53100", "25006", "XX000"}
"""Disk full, read-only, and what has no code of its own, such as a quota. The last two are no outages to psycopg."""
_OUTAGES: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.InternalError_,
)
_RECONNECT_SECONDS: Final = 2.0
"""How long the pool retries by itself, with ever longer pauses; after that whoever needs a connection has it try."""

_SETTINGS: Final = {
    "timezone": "UTC",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}

_PLANS: Final = {
    # Each statement is planned once a connection: planning took longer than running, and most of the database's time.
    "plan_cache_mode": "force_generic_plan",
    # So a plan that is made while the tables are empty has to be right when they are full. What the statements of the
    # queue need are loops over indexes in the order that those have, and they get nothing else.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_sort": "off",
    "enable_incremental_sort": "off",
    # Before version 18 the penalty for what is off would pass for a cost that makes compiling worth its while.
    "jit": "off",
}
"""What those who need another plan undo with `planned_by_values`."""

_NETWORK: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}


class RowRefused(Exception):
    """The database refused a row, by a bug of ours. The text names the constraint and repeats nothing of the row."""


def connection_parameters(name: str) -> dict[str, Any]:
    """What every connection of this service has; `name` shows in `pg_stat_activity`."""
    options = " ".join(f"-c {setting}={value}" for setting, value in (_SETTINGS | _PLANS).items())
    return {"options": options, "application_name": name, "row_factory": dict_row} | _NETWORK


def open_pool(url: str, name: str, size: int) -> Pool:
    """A pool of at most `size` connections; a context manager. A caller waits at most 10 s for its turn."""
    return Pool(
        url,
        connection_class=psycopg.AsyncConnection[DictRow],
        kwargs=connection_parameters(name) | {"autocommit": True},
        min_size=1,
        max_size=size,
        timeout=10,
        reconnect_timeout=_RECONNECT_SECONDS,
        open=False,
        name=name,
    )


@asynccontextmanager
async def connection(
    pool: Pool, patience_seconds: float | None = None, answer_seconds: float = ANSWER_SECONDS
) -> AsyncIterator[Connection]:
    """A connection in autocommit mode. An outage inside becomes `Unavailable`, a refused row `RowRefused`; neither text
    says more than the kind. The wait for a free connection is the pool's, unless `patience_seconds` is another. What
    is not over after `answer_seconds` is an outage too."""
    try:
        async with pool.connection(patience_seconds) as conn, answers_within(conn, answer_seconds):
            yield conn
    except (psycopg.IntegrityError, psycopg.DataError) as error:  # its own text quotes the row, which may quote data
        place = f"{error.diag.table_name}, {error.diag.constraint_name or error.diag.column_name}"
        raise RowRefused(f"{type(error).__name__} at {place}") from None
    except _OUTAGES as error:
        if (error.sqlstate or "").startswith(_LIMIT_EXCEEDED):
            raise
        pool.refuses_writes |= error.sqlstate in _WRITE_FAILED
        raise Unavailable(f"the database: {type(error).__name__}") from error


@asynccontextmanager
async def planned_by_values(conn: Connection) -> AsyncIterator[None]:
    """A transaction in which the planner is free, and plans each statement for the values of its parameters: for reads
    whose filters may each be there or not."""
    async with conn.pipeline(), conn.transaction():
        await conn.execute(query("plan_by_values"))
        yield


@asynccontextmanager
async def answers_within(conn: Connection, seconds: float) -> AsyncIterator[None]:
    """Hang up if the block takes longer; whoever waits inside is told at once that the connection is lost.

    A cancelled task would not do: psycopg waits, for a while, for a silent server to confirm a cancellation.
    """
    hanging_up = asyncio.get_running_loop().call_later(seconds, _hang_up, conn)
    try:
        yield
    finally:
        hanging_up.cancel()


def _hang_up(conn: Connection) -> None:
    with suppress(psycopg.OperationalError, OSError), socket.socket(fileno=os.dup(conn.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
