"""API keys: what is known of one, what it allows, and when it does not hold.

A key's text is 256 random bits behind a prefix. Only its SHA-256 is kept: bits that nobody can guess need neither salt
nor a slow hash. A scope stands for itself alone, `admin` too: a key that does several things has several scopes.
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
    """What a key may be for. None of them includes another."""

    SCRIPTS_WRITE = "scripts:write"
    EXECUTIONS_WRITE = "executions:write"
    READ = "read"
    ADMIN = "admin"


class Role(StrEnum):
    """A name for a set of scopes, for those who make keys. Keys have the scopes alone."""

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
    """The text of a key, its owner's secret. Build it with `new_token` or `token`."""

    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in lower-case hex digits: all that is ever kept or looked for."""
        return sha256(self.text.encode("ascii")).hexdigest()


@frozen(kw_only=True)
class ApiKey:
    """What is known of a key without its text. `last_used_at` may lag behind by some minutes."""

    id: UUID
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


@frozen
class InvalidKeyFacts:
    """No key can be made of that."""

    reason: str


@frozen
class KeyExpired:
    """The key's time is over."""

    key: ApiKey


@frozen
class KeyRevoked:
    """Somebody has taken the key back."""

    key: ApiKey


@frozen
class ScopeMissing:
    """The key holds, and is not for this."""

    key: ApiKey
    scope: Scope


NotAllowed: TypeAlias = KeyExpired | KeyRevoked | ScopeMissing


def new_token(secret: bytes) -> Token:
    """The token that those random bytes, `SECRET_BYTES` of them, make."""
    assert len(secret) == SECRET_BYTES, "256 bits"
    return Token(PREFIX + urlsafe_b64encode(secret).rstrip(b"=").decode("ascii"))


def token(text: str) -> Token | None:
    """The token that the text is, if it has the form of one."""
    return Token(text) if _TOKEN.fullmatch(text) else None


def new_key(
    key_id: UUID, name: str, scopes: Iterable[Scope], at: datetime, days: int | None
) -> Result[ApiKey, InvalidKeyFacts]:
    """A key that holds from `at` on, for so many days or until it is revoked."""
    granted = frozenset(scopes)
    if not granted:
        return Failure(InvalidKeyFacts("a key needs a scope"))
    if not _NAME.fullmatch(name):
        return Failure(
            InvalidKeyFacts(f"a name must have 1 to {MAX_NAME_CHARACTERS} characters and no control characters")
        )
    if days is not None and not 1 <= days <= MAX_DAYS:
        return Failure(InvalidKeyFacts(f"a key must be valid for 1 to {MAX_DAYS} days"))
    expires_at = None if days is None else at + timedelta(days=days)
    return Success(ApiKey(id=key_id, name=name, scopes=granted, created_at=at, expires_at=expires_at))


def revoke(key: ApiKey, at: datetime) -> ApiKey:
    """The key once it is taken back. What was revoked before stays as it is."""
    return key if key.revoked_at is not None else evolve(key, revoked_at=max(at, key.created_at))


def holds(key: ApiKey, now: datetime) -> bool:
    """Tell whether the key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def may(key: ApiKey, scope: Scope, now: datetime) -> Result[ApiKey, NotAllowed]:
    """Whether the key is for that, and still holds."""
    if key.revoked_at is not None:
        return Failure(KeyRevoked(key))
    if key.expires_at is not None and key.expires_at <= now:
        return Failure(KeyExpired(key))
    return Success(key) if scope in key.scopes else Failure(ScopeMissing(key, scope))
