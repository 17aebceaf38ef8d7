"""The contract of every store for API keys."""

import asyncio
from datetime import timedelta

import pytest
from attrs import evolve

from domain.access import ApiKey, Scope, new_key, new_token, revoke
from tests.contracts.conftest import OpenStore
from tests.support.values import NOON, an_id

TOKENS = [new_token(bytes([number]) * 32) for number in range(3)]


def a_key(*scopes: Scope, days: int | None = None, name: str = "a key — ünïcode 鍵") -> ApiKey:
    return new_key(an_id(), name, scopes or (Scope.READ,), NOON, days).unwrap()


async def test_a_key_is_found_by_the_digest_of_its_token_alone(open_store: OpenStore) -> None:
    async with open_store() as store:
        keys = [a_key(*Scope), a_key(days=3, name="k" * 100), a_key(Scope.ADMIN)]
        for key, token in zip(keys[:2], TOKENS, strict=False):
            await store.api_keys.add(key, token.digest)
        found = await asyncio.gather(*(store.api_keys.find(token.digest) for token in [*TOKENS, *TOKENS]))
        assert found == [*keys[:2], None] * 2
        assert await store.api_keys.all() == keys[1::-1]


async def test_there_is_an_unrevoked_key_until_the_last_is_revoked_expired_ones_count(open_store: OpenStore) -> None:
    async with open_store() as store:
        assert await store.api_keys.any_unrevoked() is False
        keys = [a_key(days=1), a_key()]
        for key, token in zip(keys, TOKENS, strict=False):
            await store.api_keys.add(key, token.digest)
        seen = []
        for key in keys:
            seen.append(await store.api_keys.any_unrevoked())
            await store.api_keys.revoke(revoke(key, NOON))
        assert [*seen, await store.api_keys.any_unrevoked()] == [True, True, False]


async def test_the_first_revocation_stays(open_store: OpenStore) -> None:
    async with open_store() as store:
        key = a_key()
        await store.api_keys.add(key, TOKENS[0].digest)
        for late in (1, 0, 2):
            await store.api_keys.revoke(revoke(key, NOON + timedelta(hours=late)))
        assert await store.api_keys.find(TOKENS[0].digest) == evolve(key, revoked_at=NOON + timedelta(hours=1))


async def test_the_last_use_is_the_latest_and_never_before_the_key(open_store: OpenStore) -> None:
    async with open_store() as store:
        used, early, unused = keys = [a_key() for _ in TOKENS]
        for key, token in zip(keys, TOKENS, strict=True):
            await store.api_keys.add(key, token.digest)
        before, later = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
        for at in (NOON, later, before):
            await store.api_keys.note_uses({used.id: at, early.id: before, an_id(): at})
        await store.api_keys.note_uses({})
        assert [await store.api_keys.find(token.digest) for token in TOKENS] == [
            evolve(used, last_used_at=later),
            evolve(early, last_used_at=NOON),
            unused,
        ]


async def test_a_key_is_found_by_its_id_and_listed_by_pages_revoked_or_not(open_store: OpenStore) -> None:
    async with open_store() as store:
        keys = [a_key() for _ in range(3)]
        for number, key in enumerate(keys):
            await store.api_keys.add(key, new_token(bytes([number]) * 32).digest)
        assert await store.api_keys.revoke(revoke(keys[1], NOON))
        keys[1] = revoke(keys[1], NOON)
        assert [await store.api_keys.get(key.id) for key in keys] == keys
        assert await store.api_keys.get(an_id()) is None
        assert await store.api_keys.page(None, 2) == keys[:0:-1]
        assert await store.api_keys.page(keys[1].id, 2) == keys[:1]
        assert await store.api_keys.page(keys[0].id, 2) == []


async def test_of_the_valid_keys_with_a_scope_the_one_that_is_valid_for_longest_is_found(open_store: OpenStore) -> None:
    async with open_store() as store:
        besides, endless, long = a_key(Scope.ADMIN), a_key(*Scope), a_key(Scope.ADMIN, days=3)
        short, other = a_key(Scope.ADMIN, days=1), a_key(Scope.READ)
        for number, key in enumerate((besides, endless, long, short, other)):
            await store.api_keys.add(key, new_token(bytes([number]) * 32).digest)
        found, now = [], NOON + timedelta(hours=1)
        while one := await store.api_keys.find_with_scope(Scope.ADMIN, besides.id, now):
            found.append(one)
            await store.api_keys.revoke(revoke(one, now))
        assert found == [endless, long, short]


@pytest.mark.parametrize("days", [1, 3])
async def test_a_key_that_expires_with_the_moment_is_not_found(open_store: OpenStore, days: int) -> None:
    async with open_store() as store:
        besides, key = a_key(Scope.ADMIN), a_key(Scope.ADMIN, days=days)
        await store.api_keys.add(key, TOKENS[0].digest)
        ends = NOON + timedelta(days=days)
        assert await store.api_keys.find_with_scope(Scope.ADMIN, besides.id, ends - timedelta(seconds=1)) == key
        assert await store.api_keys.find_with_scope(Scope.ADMIN, besides.id, ends) is None


async def test_of_revocations_that_rely_on_one_another_one_takes_place(open_store: OpenStore) -> None:
    async with open_store() as store:
        one, other = keys = [a_key(Scope.ADMIN), a_key(Scope.ADMIN)]
        for key, token in zip(keys, TOKENS, strict=False):
            await store.api_keys.add(key, token.digest)
        took_place = await asyncio.gather(
            store.api_keys.revoke(revoke(one, NOON), successor=other.id),
            store.api_keys.revoke(revoke(other, NOON), successor=one.id),
        )
        assert sorted(took_place) == [False, True]
        left = [key for key in await store.api_keys.all() if key.revoked_at is None]
        assert left == [key for key, is_gone in zip(keys, took_place, strict=True) if not is_gone]
