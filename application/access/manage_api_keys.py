"""Make API keys and take them back."""

from collections.abc import Iterable
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.access import ApiKeys
from application.ports.system import Clock, NewId
from domain.access import ApiKey, InvalidApiKey, Scope, Token, new_key, revoke
from domain.audit import ANONYMOUS, Actor


@frozen
class UnknownKey:
    """No API key has that id."""

    id: UUID


@frozen(kw_only=True)
class CreateKey:
    """The command: make an API key with those scopes, which expires after so many days, or never."""

    name: str
    scopes: Iterable[Scope]
    days: int | None
    actor: Actor = ANONYMOUS


async def create_key(
    keys: ApiKeys, clock: Clock, new_id: NewId, token: Token, command: CreateKey
) -> Result[ApiKey, InvalidApiKey]:
    """Create and store a key for that token."""
    made = new_key(new_id(), command.name, command.scopes, clock(), command.days)
    if is_successful(made):
        await keys.add(made.unwrap(), token.digest, command.actor)
    return made


async def revoke_key(keys: ApiKeys, clock: Clock, key_id: UUID, actor: Actor = ANONYMOUS) -> Result[ApiKey, UnknownKey]:
    """Revoke the key; one revoked before stays as it is. Every process refuses it within `authorise.FRESH_SECONDS`."""
    found = await keys.get(key_id)
    if found is None:
        return Failure(UnknownKey(key_id))
    revoked = revoke(found, clock())
    if revoked != found:
        await keys.revoke(revoked, actor)
    return Success(revoked)
