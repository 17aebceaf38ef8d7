"""The port `Scripts` on PostgreSQL."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from attrs import asdict, evolve
from returns.result import Failure, Result, Success

from adapters.postgres.audit import audit_event_columns
from adapters.postgres.batching import BatchLoader
from adapters.postgres.connections import Connection, Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.queries import query
from adapters.postgres.script_rows import LIMITS, retention_columns, script_from, summary_from, version_from
from adapters.postgres.warnings import warnings_json
from application.ports.errors import Conflict
from application.ports.scripts import NameTaken, ScriptRef
from domain.audit import ANONYMOUS, Actor, description_event, retention_event, script_event, version_event
from domain.limits import MIB
from domain.script import Script, ScriptName
from domain.versions import ScriptVersion, VersionSummary

_MOST_FOUND: Final = 64
_REMEMBERED: Final = 10_000
_REMEMBERED_BYTES: Final = 64 * MIB
"""The number of versions that a process caches, since every submission reads one, and the size of their sources. With
many scripts in rotation, a cache that is a little too small for them would never have the one that is needed."""


class PostgresScripts:
    """Scripts and versions in their two tables. A version's row is never updated, so a cached version stays valid."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._finds = BatchLoader(self._find, _MOST_FOUND, same=lambda key: key)
        self._recent: OrderedDict[tuple[UUID, int], ScriptVersion] = OrderedDict()
        self._recent_bytes = 0

    async def add(self, script: Script, version: ScriptVersion, by: Actor = ANONYMOUS) -> Result[None, NameTaken]:
        async with connection(self._pool) as conn, conn.transaction():
            added = await conn.execute(query("add_script"), _script_columns(script))
            if added.rowcount == 0:
                return Failure(NameTaken(script.name))
            await conn.execute(query("add_version"), _version_columns(version, by))
            return Success(None)

    async def add_version(self, version: ScriptVersion, by: Actor = ANONYMOUS) -> Result[ScriptVersion, Conflict]:
        async with connection(self._pool) as conn:
            return await insert_version(conn, version, by)

    async def set_archived_at(self, script: Script, by: Actor = ANONYMOUS) -> None:
        columns = {"id": script.id, "archived_at": script.archived_at} | audit_event_columns(script_event(script, by))
        async with connection(self._pool) as conn:
            await conn.execute(query("set_archived_at"), columns)

    async def set_retention(self, script: Script, by: Actor = ANONYMOUS) -> None:
        columns = retention_columns(script.retention) | audit_event_columns(retention_event(script, by))
        async with connection(self._pool) as conn:
            await conn.execute(query("set_retention"), columns | {"id": script.id})

    async def set_description(self, script: Script, by: Actor = ANONYMOUS) -> None:
        columns = {"id": script.id, "description": script.description.value}
        async with connection(self._pool) as conn:
            await conn.execute(query("set_description"), columns | audit_event_columns(description_event(script, by)))

    async def find(self, script: ScriptRef) -> Script | None:
        return await self._finds.load(script)

    @repeated_if_lost
    async def _find(self, keys: Sequence[ScriptRef]) -> Sequence[Script | None]:
        parameters = {
            "ids": [key for key in keys if isinstance(key, UUID)],
            "names": [key.value for key in keys if isinstance(key, ScriptName)],
        }
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("scripts_by_keys"), parameters)).fetchall()
        scripts = list(map(script_from, rows))
        found: dict[ScriptRef, Script] = {one.id: one for one in scripts} | {one.name: one for one in scripts}
        return [found.get(key) for key in keys]

    @repeated_if_lost
    async def page(self, before: UUID | None, limit: int) -> Sequence[Script]:
        async with connection(self._pool) as conn, planned_by_values(conn):
            rows = await (await conn.execute(query("scripts_page"), {"before": before, "limit": limit})).fetchall()
        return [script_from(row) for row in rows]

    async def version(self, script_id: UUID, number: int) -> ScriptVersion | None:
        wanted = (script_id, number)
        if wanted not in self._recent:
            found = await self._versions(script_id=script_id, number=number)
            if not found:
                return None
            self._remember(version_from(found[0]))
        self._recent.move_to_end(wanted)
        return self._recent[wanted]

    def _remember(self, version: ScriptVersion) -> None:
        """Cache a version, which concurrent callers may have read at once."""
        key = (version.script_id, version.number)
        if key not in self._recent:
            self._recent[key] = version
            self._recent_bytes += len(version.source.data)
        while len(self._recent) > 1 and (len(self._recent) > _REMEMBERED or self._recent_bytes > _REMEMBERED_BYTES):
            _, forgotten = self._recent.popitem(last=False)
            self._recent_bytes -= len(forgotten.source.data)

    async def versions(self, script_id: UUID, before: int | None, limit: int) -> Sequence[VersionSummary]:
        return [summary_from(row) for row in await self._versions(script_id=script_id, before=before, limit=limit)]

    @repeated_if_lost
    async def _versions(self, **wanted: Any) -> list[Row]:
        parameters = {"number": None, "before": None, "limit": 1} | wanted
        async with connection(self._pool) as conn, planned_by_values(conn):
            return list(await (await conn.execute(query("versions_page"), parameters)).fetchall())


async def insert_version(conn: Connection, version: ScriptVersion, by: Actor) -> Result[ScriptVersion, Conflict]:
    """Insert the next version, on a connection that may have more to do in one transaction."""
    added = await (await conn.execute(query("add_version"), _version_columns(version, by))).fetchone()
    return Failure(Conflict()) if added is None else Success(evolve(version, created_by=added["created_by"]))


def _script_columns(script: Script) -> dict[str, Any]:
    return {
        "id": script.id,
        "name": script.name.value,
        "description": script.description.value,
        "created_at": script.created_at,
    }


def _version_columns(version: ScriptVersion, by: Actor) -> dict[str, Any]:
    return (
        audit_event_columns(version_event(version, by))
        | asdict(version.limits)
        | {
            "script_id": version.script_id,
            "number": version.number,
            "source": version.source.data,
            "sha256": bytes.fromhex(version.source.digest.sha256),
            "engine": version.engine,
            "created_at": version.created_at,
            "warnings": warnings_json(version.warnings),
            "limits": LIMITS.dump(version.limits),
            "note": version.note.value,
        }
    )
