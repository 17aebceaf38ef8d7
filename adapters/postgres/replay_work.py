"""The port `ReplayWork` on PostgreSQL. Leases are set and compared by the database's clock alone."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from attrs import asdict

from adapters.postgres.connections import Pool, connection, repeated_if_lost
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.execution_rows import redacted_columns
from adapters.postgres.json_columns import dump_value
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from adapters.postgres.replay_rows import open_from, replay_from, settled_columns
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.version_replays import OpenExecution, Settlement
from domain.audit import ANONYMOUS
from domain.version_replays import ReplayReport, VersionReplay


class PostgresReplayWork:
    """Replays on versions, for one process that carries them on."""

    def __init__(self, pool: Pool, lease: timedelta, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._lease, self._sealing = pool, lease, EncryptedRows(pool, seals)
        self._holder = uuid4()

    @repeated_if_lost
    async def take(self, count: int) -> Sequence[VersionReplay]:
        parameters = {"holder": self._holder, "lease": self._lease, "count": count}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("take_replays"), parameters)).fetchall()
        return sorted(map(replay_from, rows), key=lambda one: one.id)

    async def renew(self, held: Collection[UUID]) -> None:
        parameters = {"holder": self._holder, "lease": self._lease, "ids": list(held)}
        async with connection(self._pool) as conn:
            await conn.execute(query("renew_replays"), parameters)

    async def release(self) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(query("release_replays"), {"holder": self._holder})

    @repeated_if_lost
    async def open_executions(self, replay_id: UUID, limit: int) -> Sequence[OpenExecution]:
        async with connection(self._pool) as conn:
            found = await conn.execute(query("open_executions"), {"replay_id": replay_id, "limit": limit})
            return list(map(open_from, await found.fetchall()))

    async def settle(self, settlement: Settlement) -> bool:
        differences = await self._differences_columns(settlement)
        async with connection(self._pool) as conn, conn.transaction():
            row = await (await conn.execute(query("settle_replayed"), settled_columns(settlement))).fetchone()
            if row is None:
                return False
            if differences is not None:
                await conn.execute(query("add_differences"), differences)
            if settlement.removed is not None:
                columns = redacted_columns([settlement.removed]) | asdict(ANONYMOUS)
                await conn.execute(query("remove_content"), columns)
        return True

    async def _differences_columns(self, settlement: Settlement) -> dict[str, Any] | None:
        body, execution_id = settlement.differences, settlement.execution.execution_id
        if body is None:
            return None
        return await self._sealing.differences_columns(execution_id, body, settlement.columns) | {
            "execution_id": execution_id,
            "size_bytes": body.digest.size_bytes,
            "sha256": bytes.fromhex(body.digest.sha256),
            "encoding": body.encoding.value,
        }

    async def finish(self, replay_id: UUID, report: ReplayReport) -> bool:
        parameters = {"id": replay_id, "report": dump_value(report)}
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("finish_replay"), parameters)).fetchone()
        if row is None:
            return False
        notifier_of(self._pool).notify_ended([replay_id])
        if row["has_event"]:
            notifier_of(self._pool).notify_events()
        return True
