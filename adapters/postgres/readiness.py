"""The port `CheckReadiness` on PostgreSQL."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

import psycopg
from attrs import evolve

from adapters.postgres.connections import Pool, connection, connection_parameters
from adapters.postgres.queries import query
from adapters.postgres.schema import schema_trouble
from application.messages import Readiness, Unavailable

PROBE_SECONDS: Final = 2
"""Whoever asks for readiness soon asks again: better an early no than a late one."""


def worker_seen_on(host: str, url: str, lease: timedelta) -> bool:
    """Whether a worker process on that host has shown itself within `lease`. Raises what psycopg raises."""
    with psycopg.connect(url, **connection_parameters("bateia health")) as conn:
        row = conn.execute(query("worker_seen_on"), {"host": host, "lease": lease}).fetchone()
    return bool(row and row["seen"])


class PostgresReadiness:
    """Whether the database answers, its schema fits and it can write, and how many workers were seen within `lease`."""

    def __init__(self, pool: Pool, lease: timedelta) -> None:
        self._pool, self._lease = pool, lease

    async def __call__(self) -> Readiness:
        if not self._pool.refuses_writes:
            return await self._read()
        writing, readiness = await asyncio.gather(self._writing(), self._read())
        return evolve(readiness, writing=writing)

    async def _read(self) -> Readiness:
        try:
            async with connection(self._pool, PROBE_SECONDS, PROBE_SECONDS) as conn:
                if trouble := await schema_trouble(conn):
                    return Readiness(schema=trouble, workers=None)
                row = await (await conn.execute(query("workers_alive"), {"lease": self._lease})).fetchone()
        except Unavailable as error:
            return Readiness(database=str(error), schema=None, writing=None, workers=None)
        return Readiness(workers=row["alive"] if row else 0)

    async def _writing(self) -> str:
        try:
            await self._write()
        except Unavailable as error:
            return str(error)
        return ""

    async def _write(self) -> None:
        """Try whether the database can write again. A full disk answers readers, so only writing tells."""
        with suppress(psycopg.errors.InsufficientPrivilege):  # then the next submission tells
            async with (
                connection(self._pool, PROBE_SECONDS, PROBE_SECONDS) as conn,
                conn.transaction(force_rollback=True),
            ):
                await conn.execute("create temporary table room as select 1 as taken")
        self._pool.refuses_writes = False
