"""API keys that callers create and revoke: none gains a scope, and no revocation takes the last one that manages."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Success

from adapters.memory.api_keys import MemoryApiKeys
from adapters.memory.audit import MemoryAudit
from application.access.authorise import MissingCredentials, UnknownToken
from application.access.manage_api_keys import CreateKey, UnknownKey
from application.access.use_cases import ApiKeyUseCases
from application.ports.access import AuditFilter
from domain.access import (
    MANAGES_KEYS,
    SECRET_BYTES,
    ApiKey,
    FirstKeyCannotManage,
    InsufficientScope,
    InvalidApiKey,
    KeyExpired,
    KeyFault,
    KeyRevoked,
    LastManagingKey,
    Scope,
    ScopesNotHeld,
    check_access,
    revoke,
)
from domain.audit import ANONYMOUS, Actor, api_key_event
from tests.support.values import NOON, an_id

DAY = timedelta(days=1)


class RacingKeys(MemoryApiKeys):
    """Keys of which others may be revoked between a look-up and the revocation that relies on it."""

    def __init__(self, audit: MemoryAudit) -> None:
        super().__init__(audit)
        self.meanwhile: list[Callable[[ApiKey], ApiKey]] = []

    async def find_with_scope(self, scope: Scope, besides: UUID, at: datetime) -> ApiKey | None:
        found = await super().find_with_scope(scope, besides, at)
        if found is not None and self.meanwhile:
            await super().revoke(self.meanwhile.pop()(found))
        return found


class Service:
    """The use cases over a store in memory, and a clock."""

    def __init__(self) -> None:
        self.now, self.secrets = NOON, 0
        self.audit = MemoryAudit(lambda: NOON)
        self.keys = RacingKeys(self.audit)
        self.use = ApiKeyUseCases(self.keys, lambda: self.now, an_id, self._secret)

    def _secret(self) -> bytes:
        self.secrets += 1
        return self.secrets.to_bytes(SECRET_BYTES, "big")

    async def create(self, actor: Actor = ANONYMOUS, *scopes: Scope, days: int | None = None) -> ApiKey:
        command = CreateKey(name="a key", scopes=scopes or tuple(Scope), days=days, actor=actor)
        return (await self.use.create(command)).unwrap().key

    async def managing(self) -> list[ApiKey]:
        keys = await self.keys.all()
        return [one for one in keys if is_successful(check_access(one, MANAGES_KEYS, self.now))]


def by(key: ApiKey) -> Actor:
    return Actor(key.id, "a request")


def command(actor: Actor, *scopes: Scope, name: str = "a key") -> CreateKey:
    return CreateKey(name=name, scopes=scopes, days=None, actor=actor)


async def test_the_first_key_is_created_without_one_and_can_manage_keys() -> None:
    service = Service()
    assert await service.use.create(command(ANONYMOUS, Scope.READ)) == Failure(FirstKeyCannotManage())
    created = (await service.use.create(command(ANONYMOUS, *Scope))).unwrap()
    assert created.is_first
    assert await service.keys.find(created.token.digest) == created.key
    assert await service.use.create(command(ANONYMOUS, *Scope)) == Failure(MissingCredentials())
    assert await service.use.revoke(created.key.id, ANONYMOUS) == Failure(MissingCredentials())


async def test_a_key_of_a_caller_is_not_the_first_and_both_are_audited_with_their_actors() -> None:
    service = Service()
    first = await service.create()
    second = (await service.use.create(command(by(first), Scope.READ))).unwrap()
    assert not second.is_first
    revoked = (await service.use.revoke(second.key.id, by(first))).unwrap()
    assert await service.use.revoke(second.key.id, by(first)) == Success(revoked)
    assert [one.event for one in await service.audit.page(AuditFilter(), None, 9)] == [
        api_key_event(revoked, by(first)),
        api_key_event(second.key, by(first)),
        api_key_event(first, ANONYMOUS),
    ]


async def test_a_key_is_found_and_listed() -> None:
    service, unknown = Service(), an_id()
    first = await service.create()
    second = await service.create(by(first), Scope.READ)
    assert await service.use.find(first.id) == Success(first)
    assert await service.use.find(unknown) == Failure(UnknownKey(unknown))
    assert await service.use.page(None, 5) == [second, first]
    assert await service.use.revoke(unknown, by(first)) == Failure(UnknownKey(unknown))


async def test_an_invalid_key_is_refused() -> None:
    service = Service()
    first = await service.create()
    assert await service.use.create(command(by(first), Scope.READ, name="")) == Failure(InvalidApiKey(KeyFault.NAME))
    assert await service.use.create(command(by(first))) == Failure(InvalidApiKey(KeyFault.NO_SCOPE))


async def test_a_key_that_a_process_still_accepts_manages_nothing_once_it_does_not_hold() -> None:
    service = Service()
    first = await service.create()
    expiring = await service.create(by(first), days=1)
    reader = await service.create(by(first), Scope.READ)
    gone = (await service.use.revoke((await service.create(by(first))).id, by(first))).unwrap()
    service.now += DAY
    ghost = Actor(an_id())
    for actor, refusal in (
        (by(gone), KeyRevoked(gone)),
        (by(expiring), KeyExpired(expiring)),
        (by(reader), InsufficientScope(reader, MANAGES_KEYS)),
        (ghost, UnknownToken()),
    ):
        assert await service.use.create(command(actor, Scope.READ)) == Failure(refusal)
        assert await service.use.revoke(first.id, actor) == Failure(refusal)


async def test_the_last_key_that_can_manage_keys_stays_until_there_is_another() -> None:
    service = Service()
    first = await service.create()
    await service.create(by(first), Scope.READ)
    assert await service.use.revoke(first.id, by(first)) == Failure(LastManagingKey(first))
    await service.create(by(first), MANAGES_KEYS)
    assert await service.use.revoke(first.id, by(first)) == Success(revoke(first, NOON))


async def test_an_expired_key_is_revoked_without_a_successor() -> None:
    service = Service()
    first = await service.create()
    expired = await service.create(by(first), days=1)
    service.now += DAY
    assert is_successful(await service.use.revoke(expired.id, by(first)))


async def test_a_successor_that_is_revoked_meanwhile_is_replaced_or_missed() -> None:
    service = Service()
    first = await service.create()
    second, third = await service.create(by(first)), await service.create(by(first))
    service.keys.meanwhile.append(lambda found: revoke(found, NOON))
    assert await service.use.revoke(first.id, by(first)) == Success(revoke(first, NOON))
    assert await service.use.find(third.id) == Success(revoke(third, NOON))
    service.keys.meanwhile.append(lambda found: revoke(found, NOON))
    fourth = await service.create(by(second))
    assert await service.use.revoke(second.id, by(second)) == Failure(LastManagingKey(second))
    assert await service.use.find(fourth.id) == Success(revoke(fourth, NOON))


scopes = st.frozensets(st.sampled_from(Scope))
steps = st.lists(
    st.tuples(
        st.sampled_from(["create", "revoke", "wait"]), st.integers(0, 4), st.integers(0, 4), scopes, st.booleans()
    ),
    max_size=12,
)


@given(steps)
async def test_no_key_has_a_scope_that_its_creator_lacks_and_a_revocation_leaves_one_that_can_manage(
    script: list[tuple[str, int, int, frozenset[Scope], bool]],
) -> None:
    service = Service()
    keys = [await service.create()]
    for what, caller, other, granted, expires in script:
        actor, target = keys[caller % len(keys)], keys[other % len(keys)]
        holder = (await service.use.find(actor.id)).unwrap()
        if what == "wait":
            service.now += DAY / 2
        elif what == "revoke":
            if is_successful(await service.use.revoke(target.id, by(actor))):
                assert await service.managing()
        else:
            wanted = CreateKey(name="a key", scopes=granted, days=1 if expires else None, actor=by(actor))
            made = await service.use.create(wanted)
            may_manage = check_access(holder, MANAGES_KEYS, service.now)
            assert is_successful(made) == (is_successful(may_manage) and frozenset() != granted <= holder.scopes)
            if is_successful(made):
                keys.append(made.unwrap().key)
            elif is_successful(may_manage) and granted:
                assert made == Failure(ScopesNotHeld(granted - holder.scopes))
        stored = await service.keys.all()
        expected = [evolve(one, revoked_at=now.revoked_at) for one, now in zip(reversed(keys), stored, strict=True)]
        assert stored == expected


async def test_callers_who_revoke_one_another_leave_one() -> None:
    service = Service()
    first = await service.create()
    second = await service.create(by(first))
    both = await asyncio.gather(service.use.revoke(first.id, by(second)), service.use.revoke(second.id, by(first)))
    assert sum(map(is_successful, both)) == 1
