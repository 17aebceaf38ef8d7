"""The port `ApiKeys` of the store in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from attrs import evolve
from returns.result import Success

from adapters.memory.audit import MemoryAudit
from domain.access import ApiKey, Scope, check_access
from domain.audit import ANONYMOUS, Actor, api_key_event


class MemoryApiKeys:
    """The port `ApiKeys`."""

    def __init__(self, audit: MemoryAudit) -> None:
        self._audit = audit
        self._keys: dict[UUID, ApiKey] = {}
        self._by_token: dict[str, UUID] = {}

    async def add(self, key: ApiKey, token_digest: str, by: Actor = ANONYMOUS) -> None:
        self._keys[key.id] = key
        self._audit.names[key.id] = key.name
        self._by_token[token_digest] = key.id
        self._audit.record(api_key_event(key, by))

    async def find(self, token_digest: str) -> ApiKey | None:
        key_id = self._by_token.get(token_digest)
        return None if key_id is None else self._keys[key_id]

    async def get(self, key_id: UUID) -> ApiKey | None:
        return self._keys.get(key_id)

    async def all(self) -> Sequence[ApiKey]:
        return sorted(self._keys.values(), key=lambda key: key.id, reverse=True)

    async def page(self, before: UUID | None, limit: int) -> Sequence[ApiKey]:
        return [key for key in await self.all() if before is None or key.id < before][:limit]

    async def find_with_scope(self, scope: Scope, besides: UUID, at: datetime) -> ApiKey | None:
        valid = [key for key in await self.all() if key.id != besides and check_access(key, scope, at) == Success(key)]
        return max(valid, key=lambda key: (key.expires_at is None, key.expires_at or at), default=None)

    async def any_unrevoked(self) -> bool:
        return any(key.revoked_at is None for key in self._keys.values())

    async def revoke(self, revoked: ApiKey, by: Actor = ANONYMOUS, successor: UUID | None = None) -> bool:
        if successor is not None and self._keys[successor].revoked_at is not None:
            return False
        kept = self._keys[revoked.id]
        if kept.revoked_at is None:
            self._keys[kept.id] = evolve(kept, revoked_at=revoked.revoked_at)
            self._audit.record(api_key_event(revoked, by))
        return True

    async def note_uses(self, uses: Mapping[UUID, datetime]) -> None:
        for key in [self._keys[key_id] for key_id in uses if key_id in self._keys]:
            used_at = max(uses[key.id], key.created_at)
            if key.last_used_at is None or key.last_used_at < used_at:
                self._keys[key.id] = evolve(key, last_used_at=used_at)
