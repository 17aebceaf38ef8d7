"""Access as one process knows it: outdated by a few seconds at most, even with concurrent requests."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Success

from adapters.memory.api_keys import MemoryApiKeys
from adapters.memory.audit import MemoryAudit
from application.access import authorise
from application.access.authorise import FRESH_SECONDS, Authorizer, MissingCredentials, UnknownToken
from application.access.manage_api_keys import CreateKey, UnknownKey, create_key, revoke_key
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.errors import Unavailable
from domain.access import ApiKey, InsufficientScope, InvalidApiKey, KeyExpired, KeyRevoked, Scope, Token, new_token
from tests.support.values import NOON, an_id
from tests.support.waiting import eventually_sees

TOKENS = [new_token(bytes([number]) * 32) for number in range(4)]
TOKEN = TOKENS[0]
ALL = tuple(Scope)


@define
class Time:
    """Both clocks."""

    passed: float = 0.0

    def monotonic(self) -> float:
        return self.passed

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)


class CountedKeys(MemoryApiKeys):
    """Keys that count the look-ups, may answer late, and may be away."""

    def __init__(self) -> None:
        super().__init__(MemoryAudit(lambda: NOON))
        self.looks, self.late, self.away = 0, 0, False
        self.noted: list[Mapping[UUID, datetime]] = []

    async def find(self, token_digest: str) -> ApiKey | None:
        self.looks += 1
        found = await super().find(token_digest)
        for _ in range(self.late):
            await asyncio.sleep(0)
        return found

    async def any_unrevoked(self) -> bool:
        if self.away:
            raise Unavailable("gone")
        return await super().any_unrevoked()

    async def note_uses(self, uses: Mapping[UUID, datetime]) -> None:
        if self.away:
            raise Unavailable("gone")
        self.noted.append(uses)
        await super().note_uses(uses)


@define
class Service:
    time: Time
    keys: CountedKeys
    access: Authorizer

    async def made(self, token: Token = TOKEN, *scopes: Scope, days: int | None = None) -> ApiKey:
        command = CreateKey(name="a key", scopes=scopes or ALL, days=days)
        made = await create_key(self.keys, self.time.now, an_id, token, command)
        return made.unwrap()

    async def revoked(self, key: ApiKey) -> None:
        assert is_successful(await revoke_key(self.keys, self.time.now, key.id))


def a_service(may_be_open: bool = False) -> Service:
    time, keys = Time(), CountedKeys()
    return Service(time, keys, Authorizer(keys, time.now, time.monotonic, may_be_open))


async def test_a_key_allows_its_scopes_and_nothing_else() -> None:
    service = a_service()
    key = await service.made(TOKEN, Scope.READ)
    assert await service.access.authorise(TOKEN, Scope.READ) == Success(key.id)
    assert await service.access.authorise(TOKEN, Scope.ADMIN) == Failure(InsufficientScope(key, Scope.ADMIN))
    assert await service.access.authorise(TOKENS[1], Scope.READ) == Failure(UnknownToken())
    assert await service.access.authorise(None, Scope.READ) == Failure(MissingCredentials())
    assert (service.access.name_of(key.id), service.access.name_of(None)) == (key.name, None)
    assert (service.access.key_of(key.id), service.access.key_of(None)) == (key, None)


async def test_requests_of_some_seconds_cost_one_look_a_token_whether_or_not_there_is_a_key() -> None:
    service = a_service()
    await service.made()
    for _ in range(10):
        for token in TOKENS[:2]:
            await service.access.authorise(token, Scope.READ)
    assert service.keys.looks == 2
    service.time.passed += FRESH_SECONDS
    await service.access.authorise(TOKEN, Scope.READ)
    assert service.keys.looks == 3


async def test_a_key_expires_on_its_moment_however_fresh_it_is() -> None:
    service = a_service()
    key = await service.made(days=1)
    service.time.passed = 24 * 3600 - 1
    assert is_successful(await service.access.authorise(TOKEN, Scope.READ))
    service.time.passed += 1
    assert await service.access.authorise(TOKEN, Scope.READ) == Failure(KeyExpired(key))
    assert service.keys.looks == 1


async def test_it_is_open_only_where_it_may_be_and_as_long_as_no_key_is_there() -> None:
    service = a_service(may_be_open=True)
    assert await service.access.authorise(None, Scope.ADMIN) == Success(None)
    assert await service.access.authorise(TOKEN, Scope.READ) == Failure(UnknownToken())
    key = await service.made(TOKEN, Scope.READ)
    service.time.passed += FRESH_SECONDS
    assert await service.access.authorise(None, Scope.READ) == Failure(MissingCredentials())
    await service.revoked(key)
    service.time.passed += FRESH_SECONDS
    assert await service.access.authorise(None, Scope.READ) == Success(None)


async def test_a_key_that_has_expired_keeps_the_service_closed() -> None:
    service = a_service(may_be_open=True)
    await service.made(days=1)
    service.time.passed = 48 * 3600
    assert not await service.access.allows_anonymous()


async def test_during_an_outage_access_counts_as_open_until_a_key_was_once_known() -> None:
    service = a_service(may_be_open=True)
    service.keys.away = True
    assert await service.access.allowed_anonymous()
    service.keys.away = False
    assert await service.access.allowed_anonymous()
    await service.made()
    service.time.passed += FRESH_SECONDS
    assert not await service.access.allowed_anonymous()
    service.keys.away = True
    service.time.passed += FRESH_SECONDS
    assert not await service.access.allowed_anonymous()


async def test_where_it_may_never_be_open_it_never_was() -> None:
    service = a_service()
    service.keys.away = True
    assert not await service.access.allowed_anonymous()


async def test_guesses_fill_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorise, "MOST_REMEMBERED", 2)
    service = a_service()
    for token in TOKENS:
        await service.access.authorise(token, Scope.READ)
    for token in TOKENS[2:]:
        await service.access.authorise(token, Scope.READ)
    assert service.keys.looks == 4
    await service.access.authorise(TOKENS[0], Scope.READ)
    assert service.keys.looks == 5


steps = st.one_of(
    st.tuples(st.just("ask"), st.integers(0, 2), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.integers(0, 12), st.just(0)),
    st.tuples(st.just("revoke"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("make"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("go_on"), st.integers(0, 4), st.just(0)),
)


@define
class Play:
    """Keys that are made and revoked, and requests that a late store keeps waiting, all at the same time."""

    service: Service
    made: dict[int, ApiKey] = field(factory=dict)
    made_at: dict[int, float] = field(factory=dict)
    revoked_at: dict[int, float] = field(factory=dict)
    tasks: list["asyncio.Task[None]"] = field(factory=list)

    async def ask(self, number: int, late: int) -> None:
        self.service.keys.late = late
        self.tasks.append(asyncio.create_task(self._ask(number)))
        await asyncio.sleep(0)

    async def _ask(self, number: int) -> None:
        begun, known = self.service.time.passed, number in self.made
        answer = await self.service.access.authorise(TOKENS[number], Scope.READ)
        if is_successful(answer):
            assert answer.unwrap() == self.made[number].id
            assert begun < self.revoked_at.get(number, begun) + FRESH_SECONDS
        elif known and begun >= self.made_at[number] + FRESH_SECONDS:
            assert isinstance(answer.failure(), KeyRevoked)
            assert number in self.revoked_at

    async def wait(self, halves: int, _: int) -> None:
        self.service.time.passed += halves / 2

    async def revoke(self, number: int, _: int) -> None:
        if number in self.made and number not in self.revoked_at:
            await self.service.revoked(self.made[number])
            self.revoked_at[number] = self.service.time.passed

    async def make(self, number: int, _: int) -> None:
        if number not in self.made:
            self.made[number] = await self.service.made(TOKENS[number])
            self.made_at[number] = self.service.time.passed

    async def go_on(self, turns: int, _: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)


@given(st.lists(steps, max_size=40), st.booleans())
async def test_however_they_interleave_a_revocation_holds_within_the_seconds_and_a_new_key_works_within_them(
    script: list[tuple[str, int, int]], may_be_open: bool
) -> None:
    play = Play(a_service(may_be_open))
    for what, number, late in script:
        await getattr(play, what)(number, late)
    await asyncio.gather(*play.tasks)


async def test_uses_are_written_in_batches_and_retained_until_they_can_be_written() -> None:
    service = a_service()
    keys = [await service.made(token) for token in TOKENS[:2]]
    for token in [*TOKENS, *TOKENS]:
        await service.access.authorise(token, Scope.READ)
    assert service.keys.noted == []
    service.keys.away = True
    with pytest.raises(Unavailable):
        await service.access.flush_last_used()
    service.time.passed = 3
    await service.access.authorise(TOKEN, Scope.READ)
    service.keys.away = False
    await service.access.flush_last_used()
    await service.access.flush_last_used()
    assert service.keys.noted == [{keys[0].id: service.time.now(), keys[1].id: NOON}]
    assert [key.last_used_at for key in reversed(await service.keys.all())] == [service.time.now(), NOON]


async def test_a_refused_request_is_no_use() -> None:
    service = a_service()
    await service.made(TOKEN, Scope.READ)
    await service.access.authorise(TOKEN, Scope.ADMIN)
    await service.access.flush_last_used()
    assert service.keys.noted == []


async def test_uses_are_written_again_and_again_beside_the_requests_outages_or_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = a_service()
    key = await service.made()
    await service.access.authorise(TOKEN, Scope.READ)
    service.keys.away = True
    task = asyncio.create_task(
        periodic(BackgroundTask.RECORD_API_KEY_USAGE, 0.001, service.access.flush_last_used, TaskMonitor())
    )

    async def complained() -> bool:
        return "record_api_key_usage failed" in caplog.text

    await eventually_sees(complained)
    service.keys.away = False

    async def noted() -> bool:
        return service.keys.noted == [{key.id: NOON}]

    await eventually_sees(noted)
    task.cancel()


async def test_a_key_is_created_or_refused_and_revoked_once() -> None:
    service = a_service()
    refused = await create_key(service.keys, service.time.now, an_id, TOKEN, CreateKey(name="", scopes=ALL, days=None))
    assert isinstance(refused.failure(), InvalidApiKey)
    assert await service.keys.all() == []
    key = await service.made()
    unknown = an_id()
    assert await revoke_key(service.keys, service.time.now, unknown) == Failure(UnknownKey(unknown))
    for _ in range(2):
        answer = await revoke_key(service.keys, service.time.now, key.id)
        assert answer == Success(evolve(key, revoked_at=NOON))
        service.time.passed += 60
