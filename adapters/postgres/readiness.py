"""The port `CheckReadiness` on PostgreSQL."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

import psycopg

from adapters.postgres.connections import Pool, connection
from adapters.postgres.queries import query
from adapters.postgres.schema import schema_trouble
from application.messages import Readiness, Unavailable
from application.sealing import NO_SEALS, MasterKeyMissing, Seals

PROBE_SECONDS: Final = 2
"""Whoever asks for readiness soon asks again: better an early no than a late one."""


class PostgresReadiness:
    """Whether the database answers, its schema fits and what is sealed can be opened, and how many workers were seen
    within `lease`."""

    def __init__(self, pool: Pool, lease: timedelta, seals: Seals = NO_SEALS) -> None:
        self._pool, self._lease, self._seals = pool, lease, seals

    async def __call__(self) -> Readiness:
        try:
            if self._pool.refuses_writes:
                await self._write()
            async with connection(self._pool, PROBE_SECONDS, PROBE_SECONDS) as conn:
                if trouble := await schema_trouble(conn):
                    return Readiness(trouble=trouble, workers=0)
                used = {row["id"] for row in await (await conn.execute(query("master_keys_in_use"))).fetchall()}
                if missing := used - self._seals.known:
                    raise MasterKeyMissing(missing)
                row = await (await conn.execute(query("workers_alive"), {"lease": self._lease})).fetchone()
        except Unavailable as error:
            return Readiness(trouble=str(error), workers=0)
        return Readiness(trouble="", workers=row["alive"] if row else 0)

    async def _write(self) -> None:
        """Try whether the database can write again. A full disk answers readers, so only writing tells."""
        with suppress(psycopg.errors.InsufficientPrivilege):  # then the next submission tells
            async with (
                connection(self._pool, PROBE_SECONDS, PROBE_SECONDS) as conn,
                conn.transaction(force_rollback=True),
            ):
                await conn.execute("create temporary table room as select 1 as taken")
        self._pool.refuses_writes = False
