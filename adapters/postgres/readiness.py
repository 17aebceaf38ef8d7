"""The port `CheckReadiness` on PostgreSQL."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

import psycopg
from attrs import evolve

from adapters.postgres.connections import Pool, connection, connection_parameters
from adapters.postgres.queries import query
from adapters.postgres.schema import schema_trouble
from application.ports.encryption import NO_ENCRYPTION, Keyring, MasterKeyMissing
from application.ports.errors import Unavailable
from application.ports.operations import PASSED, UNKNOWN, CheckFailed, CheckOutcome, Readiness, check_outcome

PROBE_SECONDS: Final = 2
"""Readiness is polled, so an early no is better than a late one."""


def worker_seen_on(host: str, url: str, lease: timedelta) -> bool:
    """Tell whether a worker process on that host was seen within `lease`. Raises psycopg's errors."""
    with psycopg.connect(url, **connection_parameters(url, "bateia health")) as conn:
        row = conn.execute(query("worker_seen_on"), {"host": host, "lease": lease}).fetchone()
    return bool(row and row["seen"])


class PostgresReadiness:
    """Readiness checks: the database answers, its schema fits, it can write, its encrypted content can be decrypted;
    and the number of workers seen within `lease`. `deaf` returns the reason why notifications do not arrive, if they do
    not."""

    def __init__(
        self, pool: Pool, lease: timedelta, seals: Keyring = NO_ENCRYPTION, deaf: Callable[[], str] = lambda: ""
    ) -> None:
        self._pool, self._lease, self._seals, self._deaf = pool, lease, seals, deaf

    async def __call__(self) -> Readiness:
        if not self._pool.refuses_writes:
            return evolve(await self._read(), notifications=check_outcome(self._deaf()))
        writing, readiness = await asyncio.gather(self._writing(), self._read())
        return evolve(readiness, writing=writing, notifications=check_outcome(self._deaf()))

    async def _read(self) -> Readiness:
        try:
            async with connection(self._pool, PROBE_SECONDS, PROBE_SECONDS) as conn:
                if trouble := await schema_trouble(conn):
                    return Readiness(schema=CheckFailed(trouble), sealing=UNKNOWN, workers=None)
                used = {row["id"] for row in await (await conn.execute(query("master_keys_in_use"))).fetchall()}
                row = await (await conn.execute(query("workers_alive"), {"lease": self._lease})).fetchone()
        except Unavailable as error:
            return Readiness(
                database=CheckFailed(str(error)), schema=UNKNOWN, writing=UNKNOWN, sealing=UNKNOWN, workers=None
            )
        missing = used - self._seals.key_ids
        sealing = CheckFailed(str(MasterKeyMissing(missing))) if missing else PASSED
        return Readiness(sealing=sealing, workers=row["alive"] if row else 0)

    async def _writing(self) -> CheckOutcome:
        try:
            await self._write()
        except Unavailable as error:
            return CheckFailed(str(error))
        return PASSED

    async def _write(self) -> None:
        """Test whether the database can write again. A full disk serves readers, so only writing shows it."""
        with suppress(psycopg.errors.InsufficientPrivilege):  # then the next submission shows it
            async with (
                connection(self._pool, PROBE_SECONDS, PROBE_SECONDS) as conn,
                conn.transaction(force_rollback=True),
            ):
                await conn.execute("create temporary table room as select 1 as taken")
        self._pool.refuses_writes = False
