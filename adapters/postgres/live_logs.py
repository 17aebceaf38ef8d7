"""The port `LiveLogs` on PostgreSQL.

With master keys, parts are encrypted under the data key of their execution, and executions that have none yet show no
log before their end.
"""

from collections.abc import Hashable, Mapping, Sequence
from uuid import UUID

from adapters.postgres.connections import Pool, connection, repeated_if_lost
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.execution_rows import logs_from
from adapters.postgres.queries import query
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.live_logs import LogPart
from domain.execution import Running
from domain.live_log import join_parts
from domain.outcome import Logs


class PostgresLiveLogs:
    """The logs of running executions."""

    def __init__(self, pool: Pool, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._sealing = pool, EncryptedRows(pool, seals)

    async def append(self, parts: Sequence[LogPart]) -> frozenset[UUID]:
        columns = await self._sealing.live_log_columns(parts)
        sent = set(columns["claim_ids"])
        left_out = frozenset(part.running.claim.id for part in parts) - sent
        if not sent:
            return left_out
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("append_live_logs"), columns)).fetchall()
        return left_out | {row["claim_id"] for row in rows}

    @repeated_if_lost
    async def read(self, running: Running) -> Logs | None:
        wanted = {"id": running.submission.id, "claim_id": running.claim.id}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("live_log"), wanted, binary=True)).fetchall()
        if not rows:
            return None
        parts = [await self._sealing.decrypt(row) for row in rows]
        return join_parts([logs_from(part["live_lines"], part["truncated"]) for part in parts])

    @repeated_if_lost
    async def ends(self, execution_ids: Sequence[UUID]) -> Mapping[UUID, Hashable]:
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("log_ends"), {"ids": execution_ids}, binary=True)).fetchall()
        return {row["id"]: tuple(row.values()) for row in rows}

    async def purge(self) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(query("purge_live_logs"))
