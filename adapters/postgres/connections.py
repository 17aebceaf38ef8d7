"""Connections: one bounded pool a process, the same settings on each, and outages as `Unavailable`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from application.messages import Unavailable

Connection: TypeAlias = psycopg.AsyncConnection[DictRow]
Pool: TypeAlias = AsyncConnectionPool[Connection]

_LIMIT_EXCEEDED: Final = "54"
"""The class of errors that psycopg counts as outages although no later try can do better."""

_SETTINGS: Final = {
    "timezone": "UTC",
    # A plan made while the table was small would be kept when it is not.
    "plan_cache_mode": "force_custom_plan",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}


class RowRefused(Exception):
    """The database refused a row, by a bug of ours. The text names the constraint and repeats nothing of the row."""


def connection_parameters(name: str) -> dict[str, Any]:
    """What every connection of this service has; `name` shows in `pg_stat_activity`."""
    options = " ".join(f"-c {setting}={value}" for setting, value in _SETTINGS.items())
    return {"options": options, "application_name": name, "connect_timeout": 5, "row_factory": dict_row}


def open_pool(url: str, name: str, size: int) -> Pool:
    """A pool of at most `size` connections; a context manager. A caller waits at most 10 s for its turn."""
    return AsyncConnectionPool(
        url,
        connection_class=psycopg.AsyncConnection[DictRow],
        kwargs=connection_parameters(name) | {"autocommit": True},
        min_size=1,
        max_size=size,
        timeout=10,
        open=False,
        name=name,
    )


@asynccontextmanager
async def connection(pool: Pool, patience_seconds: float | None = None) -> AsyncIterator[Connection]:
    """A connection in autocommit mode. An outage inside becomes `Unavailable`, a refused row `RowRefused`; neither text
    says more than the kind. The wait for a free connection is the pool's, unless `patience_seconds` is another."""
    try:
        async with pool.connection(patience_seconds) as conn:
            yield conn
    except (psycopg.IntegrityError, psycopg.DataError) as error:  # its own text quotes the row, which may quote data
        place = f"{error.diag.table_name}, {error.diag.constraint_name or error.diag.column_name}"
        raise RowRefused(f"{type(error).__name__} at {place}") from None
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        if (error.sqlstate or "").startswith(_LIMIT_EXCEEDED):
            raise
        raise Unavailable(f"the database: {type(error).__name__}") from error
