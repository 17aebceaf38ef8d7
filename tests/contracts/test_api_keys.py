"""The contract of every store for API keys."""

import asyncio
from datetime import timedelta

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
