"""The use cases of API keys for callers of the service, with their ports bound.

The command line, whose caller owns the database, uses `manage_api_keys` without these checks. A caller's own key is
read anew: a process may accept a revoked key for some seconds, in which it must neither create nor revoke another one.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.access.authorise import MissingCredentials, NotAuthorised, UnknownToken
from application.access.manage_api_keys import CreateKey, UnknownKey
from application.ports.access import ApiKeys
from application.ports.system import Clock, NewId
from domain.access import (
    MANAGES_KEYS,
    ApiKey,
    FirstKeyCannotManage,
    InvalidApiKey,
    LastManagingKey,
    Scope,
    ScopesNotHeld,
    Token,
    check_access,
    check_grant,
    needs_successor,
    new_key,
    new_token,
    revoke,
)
from domain.audit import Actor

KeyCreationRefused: TypeAlias = NotAuthorised | InvalidApiKey | ScopesNotHeld | FirstKeyCannotManage
KeyRevocationRefused: TypeAlias = NotAuthorised | UnknownKey | LastManagingKey


@frozen
class CreatedKey:
    """A new key with its text, which is known to its creator alone. `is_first`: no key was needed before."""

    key: ApiKey
    token: Token
    is_first: bool


@frozen
class ApiKeyUseCases:
    """Create, read and revoke API keys."""

    api_keys: ApiKeys
    clock: Clock
    new_id: NewId
    new_key_secret: Callable[[], bytes]

    async def create(self, command: CreateKey) -> Result[CreatedKey, KeyCreationRefused]:
        """Create a key with scopes that its creator has. The first key can manage keys."""
        actor, is_first = command.actor, command.actor.key_id is None
        held = await self._scopes_of(actor)
        if not is_successful(held):
            return Failure(held.failure())
        made: Result[ApiKey, KeyCreationRefused] = new_key(
            self.new_id(), command.name, command.scopes, self.clock(), command.days
        )
        checked = made.bind(lambda key: check_grant(key, held.unwrap(), is_first))
        if not is_successful(checked):
            return Failure(checked.failure())
        key, token = checked.unwrap(), new_token(self.new_key_secret())
        await self.api_keys.add(key, token.digest, actor)
        return Success(CreatedKey(key, token, is_first))

    async def find(self, key_id: UUID) -> Result[ApiKey, UnknownKey]:
        """Find a key, revoked or not."""
        found = await self.api_keys.get(key_id)
        return Failure(UnknownKey(key_id)) if found is None else Success(found)

    async def page(self, before: UUID | None, limit: int) -> Sequence[ApiKey]:
        """Read a page of all keys, newest first."""
        return await self.api_keys.page(before, limit)

    async def revoke(self, key_id: UUID, actor: Actor) -> Result[ApiKey, KeyRevocationRefused]:
        """Revoke a key, unless it is the last one that can manage keys. One revoked before stays as it is."""
        held = await self._scopes_of(actor)
        if not is_successful(held):
            return Failure(held.failure())
        while True:  # again only if the successor was revoked meanwhile, so at most once for each key
            found = await self.api_keys.get(key_id)
            if found is None:
                return Failure(UnknownKey(key_id))
            if found.revoked_at is not None:
                return Success(found)
            revoked = await self._revoke(found, actor)
            if revoked is not None:
                return revoked

    async def _revoke(self, key: ApiKey, actor: Actor) -> Result[ApiKey, LastManagingKey] | None:
        """Revoke a key, with a successor if it needs one; None if that was revoked meanwhile."""
        now, successor = self.clock(), None
        if needs_successor(key, now):
            other = await self.api_keys.find_with_scope(MANAGES_KEYS, key.id, now)
            if other is None:
                return Failure(LastManagingKey(key))
            successor = other.id
        revoked = revoke(key, now)
        return Success(revoked) if await self.api_keys.revoke(revoked, actor, successor) else None

    async def _scopes_of(self, actor: Actor) -> Result[frozenset[Scope], NotAuthorised]:
        """Read the scopes of a caller that may manage keys: those of its key, or all while no key exists."""
        if actor.key_id is None:
            is_needed = await self.api_keys.any_unrevoked()
            return Failure(MissingCredentials()) if is_needed else Success(frozenset(Scope))
        key = await self.api_keys.get(actor.key_id)
        if key is None:
            return Failure(UnknownToken())
        return check_access(key, MANAGES_KEYS, self.clock()).map(lambda one: one.scopes)
