"""Borrowed connections: the errors of a database become outages, and what may be done twice is done again.

`connection` is the only way of the stores to the pool.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

import psycopg

from adapters.postgres.pool import Connection, Pool, answers_within, connection_parameters, give_settings, open_pool
from adapters.postgres.queries import query
from adapters.postgres.session import transaction_settings
from application.ports.errors import Unavailable

__all__ = [
    "Connection",
    "ConnectionLost",
    "Pool",
    "Row",
    "RowRefused",
    "answers_within",
    "connection",
    "connection_parameters",
    "give_settings",
    "open_pool",
    "planned_by_values",
    "repeated_if_lost",
]

_P = ParamSpec("_P")
_T = TypeVar("_T")

Row: TypeAlias = Mapping[str, Any]
"""A row by its columns' names."""


class ConnectionLost(Unavailable):
    """The connection ended before its statements were answered, so it is unknown which of them took effect."""


ANSWER_SECONDS: Final = 60.0
"""The time limit for all statements of one borrowed connection together; each statement has a limit besides."""

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
_CONNECTION_ENDED: Final = {"57P01", "57P02", "57P03", "57P05"}
"""Shut down by an administrator or a crash, about to be, or idle for too long."""


class RowRefused(Exception):
    """The database refused a row, by a bug of ours. The text names the constraint and repeats nothing of the row."""


@asynccontextmanager
async def connection(
    pool: Pool, patience_seconds: float | None = None, answer_seconds: float = ANSWER_SECONDS
) -> AsyncIterator[Connection]:
    """Borrow a connection in autocommit mode; behind a pooler that shares its connections, in a transaction.

    An outage inside becomes `Unavailable`, a refused row `RowRefused`; neither text says more than the kind. The wait
    for a free connection is the pool's, unless `patience_seconds` is another. A block that takes more than
    `answer_seconds` counts as an outage too.
    """
    conn: Connection | None = None
    try:
        async with pool.connection(patience_seconds) as conn, answers_within(conn, answer_seconds):
            if not conn.is_shared:
                yield conn
            else:
                await conn.execute(transaction_settings(conn.info.server_version))
                yield conn
                await conn.commit()
    except (psycopg.IntegrityError, psycopg.DataError) as error:  # its own text quotes the row, which may quote data
        place = f"{error.diag.table_name}, {error.diag.constraint_name or error.diag.column_name}"
        raise RowRefused(f"{type(error).__name__} at {place}") from None
    except _OUTAGES as error:
        if (error.sqlstate or "").startswith(_LIMIT_EXCEEDED):
            raise
        pool.refuses_writes |= error.sqlstate in _WRITE_FAILED
        text = f"the database: {type(error).__name__}"
        raise (ConnectionLost(text) if _is_lost(conn, error) else Unavailable(text)) from error


def _is_lost(conn: Connection | None, error: psycopg.Error) -> bool:
    ended = conn is not None and (conn.broken or error.sqlstate in _CONNECTION_ENDED)
    return ended and conn is not None and not conn.is_hung_up


def repeated_if_lost(ask: Callable[_P, Coroutine[Any, Any, _T]]) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Repeat the call if the connection was lost the first time: for idempotent work, such as reading."""

    @wraps(ask)
    async def ask_again(*arguments: _P.args, **named: _P.kwargs) -> _T:
        try:
            return await ask(*arguments, **named)
        except ConnectionLost:
            return await ask(*arguments, **named)

    return ask_again


@asynccontextmanager
async def planned_by_values(conn: Connection) -> AsyncIterator[None]:
    """Open a transaction in which each statement is planned for the values of its parameters.

    For reads whose filters are optional.
    """
    async with conn.pipeline(), conn.transaction():
        await conn.execute(query("plan_by_values"))
        yield
