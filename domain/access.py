"""API keys: their facts, scopes, expiry and revocation.

A key is a prefix and 256 random bits. Only its SHA-256 is stored: unguessable bits need neither salt nor a slow hash.
Scopes do not include one another, not even `admin`: a key for several purposes has several scopes.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

PREFIX: Final = "bateia_"
SECRET_BYTES: Final = 32
MAX_NAME_CHARACTERS: Final = 100
MAX_DAYS: Final = 3_650

_TOKEN: Final = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}", re.ASCII)
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]{1,100}")


class Scope(StrEnum):
    """Permission of an API key. Scopes do not include one another."""

    SCRIPTS_WRITE = "scripts:write"
    EXECUTIONS_WRITE = "executions:write"
    READ = "read"
    ADMIN = "admin"


class Role(StrEnum):
    """Name of a set of scopes, used when a key is created. Keys store only scopes."""

    READER = "reader"
    RUNNER = "runner"
    AUTHOR = "author"
    ADMIN = "admin"


ROLES: Final[Mapping[Role, frozenset[Scope]]] = {
    Role.READER: frozenset({Scope.READ}),
    Role.RUNNER: frozenset({Scope.READ, Scope.EXECUTIONS_WRITE}),
    Role.AUTHOR: frozenset({Scope.READ, Scope.EXECUTIONS_WRITE, Scope.SCRIPTS_WRITE}),
    Role.ADMIN: frozenset(Scope),
}
"""The scopes of each role."""


@frozen
class Token:
    """The secret text of a key. Build it with `new_token` or `token`."""

    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in lower-case hex digits: the only form that is stored or looked up."""
        return sha256(self.text.encode("ascii")).hexdigest()


@frozen(kw_only=True)
class ApiKey:
    """A key without its text. `last_used_at` may lag behind by some minutes."""

    id: UUID
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


@frozen
class InvalidApiKey:
    """The requested key is invalid."""

    reason: str


@frozen
class KeyExpired:
    """The key has expired."""

    key: ApiKey


@frozen
class KeyRevoked:
    """The key was revoked."""

    key: ApiKey


@frozen
class InsufficientScope:
    """The key is valid but lacks the scope."""

    key: ApiKey
    scope: Scope


NotAllowed: TypeAlias = KeyExpired | KeyRevoked | InsufficientScope


def new_token(secret: bytes) -> Token:
    """Build a token from `SECRET_BYTES` random bytes."""
    assert len(secret) == SECRET_BYTES, "256 bits"
    return Token(PREFIX + urlsafe_b64encode(secret).rstrip(b"=").decode("ascii"))


def token(text: str) -> Token | None:
    """Parse a token; None if the text is malformed."""
    return Token(text) if _TOKEN.fullmatch(text) else None


def new_key(
    key_id: UUID, name: str, scopes: Iterable[Scope], at: datetime, days: int | None
) -> Result[ApiKey, InvalidApiKey]:
    """Create a key that is valid from `at` on, for the given days or until it is revoked."""
    granted = frozenset(scopes)
    if not granted:
        return Failure(InvalidApiKey("a key needs a scope"))
    if not _NAME.fullmatch(name):
        return Failure(
            InvalidApiKey(f"a name must have 1 to {MAX_NAME_CHARACTERS} characters and no control characters")
        )
    if days is not None and not 1 <= days <= MAX_DAYS:
        return Failure(InvalidApiKey(f"a key must be valid for 1 to {MAX_DAYS} days"))
    expires_at = None if days is None else at + timedelta(days=days)
    return Success(ApiKey(id=key_id, name=name, scopes=granted, created_at=at, expires_at=expires_at))


def revoke(key: ApiKey, at: datetime) -> ApiKey:
    """Revoke a key. Revoking it again changes nothing."""
    return key if key.revoked_at is not None else evolve(key, revoked_at=max(at, key.created_at))


def holds(key: ApiKey, now: datetime) -> bool:
    """Check that the key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def expiring(keys: Iterable[ApiKey], now: datetime, within: timedelta) -> list[ApiKey]:
    """List the valid keys that expire within that time, the first to expire first."""
    ends = ((key.expires_at, key) for key in keys if holds(key, now))
    soon = ((end, key) for end, key in ends if end is not None and end <= now + within)
    return [key for _, key in sorted(soon, key=lambda one: (one[0], one[1].id))]


def check_access(key: ApiKey, scope: Scope, now: datetime) -> Result[ApiKey, NotAllowed]:
    """Check that the key is valid and has the scope."""
    if key.revoked_at is not None:
        return Failure(KeyRevoked(key))
    if key.expires_at is not None and key.expires_at <= now:
        return Failure(KeyExpired(key))
    return Success(key) if scope in key.scopes else Failure(InsufficientScope(key, scope))
