"""Ports to API keys and the audit trail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import frozen

from domain.access import ApiKey, Scope
from domain.audit import ANONYMOUS, Action, Actor, AuditEvent, AuditRecord


@frozen
class AuditFilter:
    """Filter of a list of audit records. An absent member shows all; times are `at_from <= t < at_to`."""

    action: Action | None = None
    key: UUID | None = None
    script: UUID | None = None
    execution: UUID | None = None
    at_from: datetime | None = None
    at_to: datetime | None = None


class ApiKeys(Protocol):
    """The API keys. Of a key's token the store has the SHA-256 alone, 64 hex digits, and finds the key by it. The
    creation and the revocation of a key are audited in the same transaction, with the actor `by`.

    A look-up by hash takes the same time however much of a wrong token is right, since all of it goes into the hash.
    """

    async def add(self, key: ApiKey, token_digest: str, by: Actor = ANONYMOUS) -> None:
        """Keep a new key."""
        ...

    async def find(self, token_digest: str) -> ApiKey | None:
        """Find the key of the token with that digest, revoked or not."""
        ...

    async def get(self, key_id: UUID) -> ApiKey | None:
        """Find the key with that id, revoked or not."""
        ...

    async def all(self) -> Sequence[ApiKey]:
        """List every key that there ever was, newest first."""
        ...

    async def page(self, before: UUID | None, limit: int) -> Sequence[ApiKey]:
        """List up to `limit` keys, newest first, revoked ones included, whose ids are less than `before`."""
        ...

    async def find_with_scope(self, scope: Scope, besides: UUID, at: datetime) -> ApiKey | None:
        """Find the key that is valid at that time for longest, of all keys with the scope but the one `besides`."""
        ...

    async def any_unrevoked(self) -> bool:
        """Tell whether any key is not revoked, expired or not."""
        ...

    async def revoke(self, revoked: ApiKey, by: Actor = ANONYMOUS, successor: UUID | None = None) -> bool:
        """Keep the key's `revoked_at`, unless it was revoked before.

        With a `successor`, only while that key is not revoked; return False if it is. Of several revocations that name
        one another's keys as successors, the first takes place.
        """
        ...

    async def note_uses(self, uses: Mapping[UUID, datetime]) -> None:
        """Store the times of last use that are later than the stored ones."""
        ...


class AuditTrail(Protocol):
    """The audit trail: nothing in it is changed or removed."""

    async def add(self, deeds: Sequence[tuple[datetime, AuditEvent]]) -> None:
        """Append events that changed nothing, all of them or none."""
        ...

    async def page(self, wanted: AuditFilter, before: int | None, limit: int) -> Sequence[AuditRecord]:
        """List up to `limit` records that match the filter, the latest first, whose numbers are less than `before`."""
        ...
