"""Reasons why a database cannot be used, each in one line for the operator, without a URL or a server's text.

A process waits for a server that is temporarily away. A problem that only the operator can solve ends the process.
"""

import asyncio
import logging
from typing import Final

import psycopg

from adapters.postgres.connections import Connection, connection_parameters, give_settings
from adapters.postgres.failures import DatabaseRefused, connection_failure
from adapters.postgres.schema import READ_ONLY
from adapters.postgres.server import connection_limit, server_trouble
from adapters.postgres.session import Pooling, transaction_settings

log: Final = logging.getLogger(__name__)

_ON_THE_WAY: Final = (
    "connection failed",
    "connection is bad",
    "connection timeout",
    "failed to resolve host",
    "multiple connection attempts",
)
"""The beginnings of psycopg's messages before any query was sent. A server's answer to a query may quote rows."""
_SECONDS: Final = 15
_SHARED: Final = (
    "the database is behind a pooler, which is assumed to use transaction pooling: every transaction sets its own "
    "settings, and statements are not prepared. If it uses session pooling, set DATABASE_POOLER=session to avoid this "
    "cost; set DATABASE_POOLER=transaction to silence this warning"
)


def unreachable(error: psycopg.Error) -> str:
    """Describe in one line an error that may be a failure to connect."""
    if str(error).lower().startswith(_ON_THE_WAY):
        return f"the database does not answer: {connection_failure(error).text} (is DATABASE_URL right?)"
    return f"the database failed ({type(error).__name__})"


def refuse_unreachable(url: str) -> None:
    """Connect once, without the patience and the warnings of a pool. Raises `psycopg.OperationalError`."""
    psycopg.connect(url, **connection_parameters(url, "bateia")).close()


async def refuse_unusable(url: str, pooling: Pooling) -> int | None:
    """Connect once, and return the number of connections that the role may have, if the server answers.

    Raises `DatabaseRefused` for errors that only the operator can fix, and logs facts that an operator should know.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            return await _look(url, pooling)
    except (psycopg.OperationalError, TimeoutError) as error:
        failure = connection_failure(error)
        if failure.is_lasting:
            raise DatabaseRefused(f"the database cannot be used: {failure.text}") from None
        return None


async def _look(url: str, pooling: Pooling) -> int | None:
    async with await Connection.connect(url, **connection_parameters(url, "bateia")) as conn:
        if trouble := server_trouble(conn):
            raise DatabaseRefused(trouble)
        await give_settings(conn, pooling)
        if conn.is_shared:
            await conn.execute(transaction_settings(conn.info.server_version))
            if pooling is Pooling.AUTO:
                log.warning(_SHARED)
        row = await (await conn.execute("select current_setting('transaction_read_only') as answer")).fetchone()
        if row is not None and row["answer"] == "on":
            log.warning("submissions will be refused: %s", READ_ONLY)
        return None if conn.is_shared else await connection_limit(conn)
