"""The port `VersionReplays` on PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from attrs import asdict

from adapters.postgres.connections import Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.queries import query
from adapters.postgres.replay_rows import differences_from, record_from, replayed_from, request_json
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.version_replays import NewVersionReplay, ReplayRecord, StoredColumns, StoredDifferences
from domain.audit import Actor
from domain.replayed_executions import ReplayedExecution
from domain.version_replays import LatestExecutions, VersionReplay


class PostgresVersionReplays:
    """Replays on versions, for those who start and read them."""

    def __init__(self, pool: Pool, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._sealing = pool, EncryptedRows(pool, seals)

    @repeated_if_lost
    async def latest(self, script_id: UUID, wanted: LatestExecutions) -> Sequence[UUID]:
        async with connection(self._pool) as conn, planned_by_values(conn):
            found = await conn.execute(query("latest_originals"), asdict(wanted) | {"script_id": script_id})
            return [row["id"] for row in await found.fetchall()]

    @repeated_if_lost
    async def scripts_of(self, executions: Collection[UUID]) -> Mapping[UUID, UUID]:
        async with connection(self._pool) as conn:
            found = await conn.execute(query("scripts_of_executions"), {"ids": list(executions)})
            return {row["id"]: row["script_id"] for row in await found.fetchall()}

    async def add(self, new: NewVersionReplay) -> None:
        replay = new.replay
        columns = {
            "id": replay.id,
            "script_id": replay.script_id,
            "version": replay.version,
            "created_at": replay.created_at,
            "created_by": replay.created_by,
            "wanted": request_json(replay.request),
            "numbers": [one.number for one in new.executions],
            "original_ids": [one.original_id for one in new.executions],
            "execution_ids": [one.execution_id for one in new.executions],
        }
        async with connection(self._pool) as conn:
            await conn.execute(query("add_version_replay"), columns | asdict(new.by))

    async def find(self, replay_id: UUID) -> ReplayRecord | None:
        rows = await self._records(id=replay_id, limit=1)
        return record_from(rows[0]) if rows else None

    async def page(self, script_id: UUID, version: int, before: UUID | None, limit: int) -> Sequence[ReplayRecord]:
        rows = await self._records(script_id=script_id, version=version, before=before, limit=limit)
        return list(map(record_from, rows))

    @repeated_if_lost
    async def _records(self, **wanted: Any) -> Sequence[Row]:
        parameters = dict.fromkeys(("id", "script_id", "version", "before")) | wanted
        async with connection(self._pool) as conn, planned_by_values(conn):
            return await (await conn.execute(query("version_replays"), parameters)).fetchall()

    @repeated_if_lost
    async def executions(self, replay_id: UUID, first: int, limit: int) -> Sequence[ReplayedExecution]:
        parameters = {"replay_id": replay_id, "first": first, "limit": limit}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("replayed_executions"), parameters)).fetchall()
        return list(map(replayed_from, rows))

    async def differences(self, replay_id: UUID, first: int, limit: int) -> Sequence[StoredDifferences]:
        rows = await self._contents("replay_differences", replay_id, first, limit)
        return [differences_from(await self._sealing.decrypt(row)) for row in rows]

    async def columns(self, replay_id: UUID, first: int, limit: int) -> Sequence[StoredColumns]:
        rows = await self._contents("replay_columns", replay_id, first, limit)
        return [StoredColumns(row["number"], (await self._sealing.decrypt(row))["columns_body"]) for row in rows]

    @repeated_if_lost
    async def _contents(self, name: str, replay_id: UUID, first: int, limit: int) -> Sequence[Row]:
        parameters = {"replay_id": replay_id, "first": first, "limit": limit}
        async with connection(self._pool) as conn:
            return await (await conn.execute(query(name), parameters, binary=True)).fetchall()

    async def accept(self, accepted: VersionReplay, by: Actor) -> None:
        acceptance = accepted.acceptance
        assert acceptance is not None, "the transition has set it"
        columns = {"id": accepted.id, "accepted_at": acceptance.at, "accepted_by": acceptance.by}
        async with connection(self._pool) as conn:
            await conn.execute(query("accept_replay"), columns | {"note": acceptance.note} | asdict(by))
