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


class AnyScope(StrEnum):
    """Requirement of an operation that each valid key meets, whatever its scopes are."""

    ANY = "any"


ANY_SCOPE: Final = AnyScope.ANY


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

MANAGES_KEYS: Final = Scope.ADMIN
"""The scope that creates, lists and revokes keys."""


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


class KeyFault(StrEnum):
    """Fault of a requested key."""

    NO_SCOPE = "api-key-without-scope"
    NAME = "invalid-api-key-name"
    DAYS = "invalid-api-key-days"


@frozen
class InvalidApiKey:
    """The requested key is invalid."""

    fault: KeyFault

    @property
    def reason(self) -> str:
        """The fault in one line, for the command line."""
        return _REASONS[self.fault]


_REASONS: Final[Mapping[KeyFault, str]] = {
    KeyFault.NO_SCOPE: "a key needs a scope",
    KeyFault.NAME: f"a name must have 1 to {MAX_NAME_CHARACTERS} characters and no control characters",
    KeyFault.DAYS: f"a key must be valid for 1 to {MAX_DAYS} days",
}


@frozen
class ScopesNotHeld:
    """A key was requested with scopes that its creator lacks."""

    scopes: frozenset[Scope]


@frozen
class FirstKeyCannotManage:
    """The first key lacks the scope that manages keys, so no further one could be created with it."""


@frozen
class LastManagingKey:
    """No other valid key has the scope that manages keys."""

    key: ApiKey


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
        return Failure(InvalidApiKey(KeyFault.NO_SCOPE))
    if not _NAME.fullmatch(name):
        return Failure(InvalidApiKey(KeyFault.NAME))
    if days is not None and not 1 <= days <= MAX_DAYS:
        return Failure(InvalidApiKey(KeyFault.DAYS))
    expires_at = None if days is None else at + timedelta(days=days)
    return Success(ApiKey(id=key_id, name=name, scopes=granted, created_at=at, expires_at=expires_at))


def revoke(key: ApiKey, at: datetime) -> ApiKey:
    """Revoke a key. Revoking it again changes nothing."""
    return key if key.revoked_at is not None else evolve(key, revoked_at=max(at, key.created_at))


def holds(key: ApiKey, now: datetime) -> bool:
    """Check that the key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def role_of(scopes: frozenset[Scope]) -> Role | None:
    """Return the role that has exactly these scopes."""
    return next((role for role, granted in ROLES.items() if granted == scopes), None)


def check_grant(
    key: ApiKey, held: frozenset[Scope], is_first: bool
) -> Result[ApiKey, ScopesNotHeld | FirstKeyCannotManage]:
    """Check that a caller with the scopes `held` may create the key. `is_first`: no key is needed yet."""
    if not key.scopes <= held:
        return Failure(ScopesNotHeld(key.scopes - held))
    return Failure(FirstKeyCannotManage()) if is_first and MANAGES_KEYS not in key.scopes else Success(key)


def needs_successor(key: ApiKey, now: datetime) -> bool:
    """Tell whether the key can manage keys now, so that another one has to be able to once it is revoked."""
    return holds(key, now) and MANAGES_KEYS in key.scopes


def expiring(keys: Iterable[ApiKey], now: datetime, within: timedelta) -> list[ApiKey]:
    """List the valid keys that expire within that time, the first to expire first."""
    ends = ((key.expires_at, key) for key in keys if holds(key, now))
    soon = ((end, key) for end, key in ends if end is not None and end <= now + within)
    return [key for _, key in sorted(soon, key=lambda one: (one[0], one[1].id))]


def check_access(key: ApiKey, scope: Scope | AnyScope, now: datetime) -> Result[ApiKey, NotAllowed]:
    """Check that the key is valid and has the scope."""
    if key.revoked_at is not None:
        return Failure(KeyRevoked(key))
    if key.expires_at is not None and key.expires_at <= now:
        return Failure(KeyExpired(key))
    if isinstance(scope, AnyScope) or scope in key.scopes:
        return Success(key)
    return Failure(InsufficientScope(key, scope))
