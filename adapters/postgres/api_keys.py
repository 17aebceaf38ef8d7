"""The port `ApiKeys` on PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from adapters.postgres.audit import audit_event_columns
from adapters.postgres.batching import BatchLoader
from adapters.postgres.connections import Connection, Pool, Row, connection, repeated_if_lost
from adapters.postgres.queries import query
from domain.access import ApiKey, Scope
from domain.audit import ANONYMOUS, Actor, api_key_event

_MOST_FOUND: Final = 64
_LAST_ID: Final = UUID(int=2**128 - 1)


class PostgresApiKeys:
    """The API keys in their table. Concurrent look-ups share a statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._finds = BatchLoader(self._find, _MOST_FOUND, same=lambda digest: digest)
        self._looks = BatchLoader(self._any_unrevoked, 1, same=lambda _: None)

    async def add(self, key: ApiKey, token_digest: str, by: Actor = ANONYMOUS) -> None:
        columns = audit_event_columns(api_key_event(key, by)) | {
            "id": key.id,
            "name": key.name,
            "sha256": bytes.fromhex(token_digest),
            "scopes": sorted(key.scopes),
            "created_at": key.created_at,
            "expires_at": key.expires_at,
        }
        async with connection(self._pool) as conn:
            await conn.execute(query("add_api_key"), columns)

    async def find(self, token_digest: str) -> ApiKey | None:
        return await self._finds.load(token_digest)

    @repeated_if_lost
    async def _find(self, digests: Sequence[str]) -> Sequence[ApiKey | None]:
        wanted = {"tokens": [bytes.fromhex(one) for one in digests]}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("api_keys_by_tokens"), wanted)).fetchall()
        found = {row["sha256"].hex(): _key_from(row) for row in rows}
        return [found.get(one) for one in digests]

    async def get(self, key_id: UUID) -> ApiKey | None:
        found = await self._keys("api_key", id=key_id)
        return found[0] if found else None

    async def all(self) -> Sequence[ApiKey]:
        return await self._keys("api_keys")

    async def page(self, before: UUID | None, limit: int) -> Sequence[ApiKey]:
        last = _LAST_ID if before is None else UUID(int=max(before.int - 1, 0))
        return await self._keys("api_keys_page", last=last, limit=limit)

    async def find_with_scope(self, scope: Scope, besides: UUID, at: datetime) -> ApiKey | None:
        found = await self._keys("api_key_with_scope", scope=str(scope), besides=besides, at=at)
        return found[0] if found else None

    @repeated_if_lost
    async def _keys(self, name: str, **parameters: Any) -> Sequence[ApiKey]:
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query(name), parameters)).fetchall()
        return [_key_from(row) for row in rows]

    async def any_unrevoked(self) -> bool:
        return await self._looks.load(None)

    @repeated_if_lost
    async def _any_unrevoked(self, _: Sequence[None]) -> Sequence[bool]:
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("any_unrevoked_key"))).fetchone()
        assert row is not None, "exists gives a row"
        return [row["any_unrevoked"]]

    async def revoke(self, revoked: ApiKey, by: Actor = ANONYMOUS, successor: UUID | None = None) -> bool:
        columns = {"id": revoked.id, "revoked_at": revoked.revoked_at} | audit_event_columns(api_key_event(revoked, by))
        async with connection(self._pool) as conn, conn.transaction():
            if successor is not None and await _is_revoked(conn, revoked.id, successor):
                return False
            await conn.execute(query("revoke_api_key"), columns)
        return True

    async def note_uses(self, uses: Mapping[UUID, datetime]) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(
                query("note_key_uses"), {"ids": sorted(uses), "used_at": [uses[one] for one in sorted(uses)]}
            )


async def _is_revoked(conn: Connection, revoked: UUID, successor: UUID) -> bool:
    """Lock both keys until the transaction ends, and tell whether the successor is revoked."""
    rows = await (await conn.execute(query("lock_api_keys"), {"ids": [revoked, successor]})).fetchall()
    return any(row["id"] == successor and row["revoked_at"] is not None for row in rows)


def _key_from(row: Row) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        scopes=frozenset(map(Scope, row["scopes"])),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        last_used_at=row["last_used_at"],
    )
