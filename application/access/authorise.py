"""Authorization: the access of the caller that a token identifies, as of at most `FRESH_SECONDS` ago.

The store's answer about a token is cached for that long from the moment of the query, so a request costs no query and a
revocation takes effect everywhere within that time. Expiry and scopes are checked anew for each request. Unknown tokens
are cached too, and the cache holds at most `MOST_REMEMBERED`: guessing fills nothing up.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Generic, TypeAlias, TypeVar
from uuid import UUID

from attrs import define, field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.access import ApiKeys
from application.ports.errors import Unavailable
from application.ports.system import Clock
from domain.access import AnyScope, ApiKey, InsufficientScope, KeyExpired, KeyRevoked, Scope, Token, check_access

FRESH_SECONDS: Final = 5.0
MOST_REMEMBERED: Final = 4_096

_K = TypeVar("_K")
_V = TypeVar("_V")


@frozen
class MissingCredentials:
    """The request names no key, and the service is not open."""


@frozen
class UnknownToken:
    """No key has that token."""


NotAuthorised: TypeAlias = MissingCredentials | UnknownToken | KeyExpired | KeyRevoked | InsufficientScope


class Authorizer:
    """The API keys of a store, as one process knows them. For one event loop.

    With `allow_anonymous`, a caller without a token may do everything as long as the store has no unrevoked key.
    """

    def __init__(self, keys: ApiKeys, clock: Clock, monotonic: Callable[[], float], allow_anonymous: bool) -> None:
        self._keys, self._clock, self._may_be_open = keys, clock, allow_anonymous
        self._known: _TtlCache[str, ApiKey | None] = _TtlCache(keys.find, monotonic)
        self._existing: _TtlCache[None, bool] = _TtlCache(lambda _: keys.any_unrevoked(), monotonic)
        self._uses: dict[UUID, datetime] = {}
        self._authorised: dict[UUID, ApiKey] = {}

    async def authorise(self, token: Token | None, scope: Scope | AnyScope) -> Result[UUID | None, NotAuthorised]:
        """Return the id of the key that allows this; None for an anonymous caller where that is allowed."""
        if token is None:
            return Success(None) if await self.allows_anonymous() else Failure(MissingCredentials())
        key = await self._known.get(token.digest)
        if key is None:
            return Failure(UnknownToken())
        now = self._clock()
        allowed = check_access(key, scope, now)
        if is_successful(allowed):
            self._uses[key.id], self._authorised[key.id] = now, key
        return allowed.map(lambda one: one.id)

    def key_of(self, key_id: UUID | None) -> ApiKey | None:
        """Return a key that was authorised, as it was then; None for an anonymous caller."""
        return None if key_id is None else self._authorised[key_id]

    def name_of(self, key_id: UUID | None) -> str | None:
        """Return the name of a key that was authorised, which never changes; None for an anonymous caller."""
        key = self.key_of(key_id)
        return None if key is None else key.name

    async def allows_anonymous(self) -> bool:
        """Tell whether no key is needed now."""
        return self._may_be_open and not await self._existing.get(None)

    async def allowed_anonymous(self) -> bool:
        """Tell whether no key was needed at the last successful look-up; before the first, access counts as open."""
        try:
            return await self.allows_anonymous()
        except Unavailable:
            last = self._existing.seen.get(None)
            return self._may_be_open and not (last is not None and last.value)

    async def flush_last_used(self) -> None:
        """Write down when keys were used last, since it was done before. What cannot be written stays for next time."""
        uses, self._uses = self._uses, {}
        try:
            if uses:
                await self._keys.note_uses(uses)
        except BaseException:
            self._uses = uses | self._uses
            raise


@frozen
class _Entry(Generic[_V]):
    value: _V
    until: float
    """A cached value; it is as old as the start of the look-up that returned it."""


@define
class _TtlCache(Generic[_K, _V]):
    """A cache of look-ups for `FRESH_SECONDS`."""

    look: Callable[[_K], Awaitable[_V]]
    clock: Callable[[], float]
    seen: OrderedDict[_K, _Entry[_V]] = field(factory=OrderedDict)

    async def get(self, key: _K) -> _V:
        begun = self.clock()
        seen = self.seen.get(key)
        if seen is not None and begun < seen.until:
            return seen.value
        value = await self.look(key)
        self.seen[key] = _Entry(value, begun + FRESH_SECONDS)
        self.seen.move_to_end(key)
        if len(self.seen) > MOST_REMEMBERED:
            self.seen.popitem(last=False)
        return value
