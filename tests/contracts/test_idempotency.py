"""The contract of every store for idempotency keys: one execution a key, with any number of concurrent requests."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Result

from application.ports.errors import Conflict
from application.ports.executions import ExecutionFilter, NewExecution
from domain.body import Body
from domain.execution import Attribution, Execution, Pending
from domain.idempotency import IdempotencyKey, KeyRecord, RequestFingerprint, request_fingerprint
from domain.trace import trace_context
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import a_version, claim, ending, now
from tests.support.stored_bodies import whole
from tests.support.values import a_body, a_pending, an_id

KEY = IdempotencyKey('a "key" \\ of ~ours')
AT_ONCE = timedelta(0)
SMALL, OTHER, LARGE = a_body(), a_body(b"[2]"), a_body(b'"' + b"x" * 70_000 + b'"')


@frozen
class Attempt:
    """A submission under a key."""

    pending: Pending
    dataset: Body
    request: RequestFingerprint

    @property
    def record(self) -> KeyRecord:
        return KeyRecord(self.request, self.pending.submission.id)


def an_attempt(version: ScriptVersion, key: IdempotencyKey = KEY, dataset: Body = SMALL) -> Attempt:
    pending = a_pending(version, dataset=dataset)
    return Attempt(pending, dataset, request_fingerprint(key, version.script_id, None, dataset.digest))


def record_of(added: Result[None, KeyRecord | Conflict]) -> KeyRecord | None:
    """Return the record that kept an execution from being added under its key; none if it was added."""
    if is_successful(added):
        return None
    record = added.failure()
    assert isinstance(record, KeyRecord)
    return record


async def add(store: Store, attempt: Attempt, rival: bool = False) -> KeyRecord | None:
    keys = store.rival_keys if rival else store.keys
    return record_of(await keys.add(NewExecution(attempt.pending, attempt.dataset), attempt.request))


async def everything(store: Store) -> list[Execution]:
    return [*await store.executions.page(ExecutionFilter(), None, 1_000)]


async def test_an_unused_key_is_unknown(open_store: OpenStore) -> None:
    async with open_store() as store:
        assert await store.keys.find(KEY) is None


async def test_the_first_request_with_a_key_stores_an_ordinary_execution(open_store: OpenStore) -> None:
    async with open_store() as store:
        first = an_attempt(await a_version(store))
        assert await add(store, first) is None
        assert await store.keys.find(KEY) == await store.rival_keys.find(KEY) == first.record
        assert await now(store, first.pending) == first.pending
        (claimed,) = await claim(store.queue)
        assert (claimed.running.submission, claimed.dataset) == (first.pending.submission, SMALL)
        assert await store.queue.finish([ending(claimed)]) == frozenset()
        assert await store.keys.find(KEY) == first.record


async def test_a_reused_key_returns_the_first_execution(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        first = an_attempt(version)
        await add(store, first)
        for dataset, rival in [(SMALL, False), (OTHER, False), (SMALL, True), (LARGE, True), (LARGE, False)]:
            assert await add(store, an_attempt(version, dataset=dataset), rival) == first.record
        assert await everything(store) == [first.pending]


async def test_keys_that_differ_in_anything_are_different(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        texts = ("a", "A", " a", "a ", "a" * 255, "a" * 254, "%s", "'", "\\", "~")
        callers = (None, an_id(), an_id())
        keys = [IdempotencyKey(text, caller) for text in texts for caller in callers]
        keys += [IdempotencyKey(f"{callers[1]} a"), IdempotencyKey(f"{callers[1]}a")]
        for one in keys:
            assert await add(store, an_attempt(version, one)) is None
        found = [await store.keys.find(one) for one in keys]
        assert [one.request.key for one in found if one is not None] == keys


async def test_of_two_hundred_concurrent_requests_one_is_stored(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        attempts = [an_attempt(version) for _ in range(200)]
        found = await asyncio.gather(*(add(store, one, rival=n % 2 == 0) for n, one in enumerate(attempts)))
        (kept,) = await everything(store)
        assert Counter(one and one.execution_id for one in found) == {None: 1, kept.submission.id: 199}
        assert attempts[found.index(None)].pending == kept


comers = st.lists(
    st.tuples(
        st.sampled_from([KEY, IdempotencyKey("b"), IdempotencyKey("b", an_id())]),
        st.sampled_from([SMALL, SMALL, OTHER, LARGE]),
        st.booleans(),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=24,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(waves=st.lists(comers, min_size=1, max_size=3))
async def test_in_every_interleaving_each_key_has_one_execution_and_every_request_returns_it(
    open_store: OpenStore, waves: list[list[tuple[IdempotencyKey, Body, bool, int]]]
) -> None:
    """Some come at once, each a few turns of the loop late, to either process; then more come; some have no key."""
    async with open_store() as store:
        version = await a_version(store)
        owners: dict[IdempotencyKey, Attempt] = {}
        unkeyed = 0

        async def come(attempt: Attempt, rival: bool, turns: int) -> KeyRecord | None:
            for _ in range(turns):
                await asyncio.sleep(0)
            return await add(store, attempt, rival)

        for wave in waves:
            attempts = [an_attempt(version, key, dataset) for key, dataset, _, _ in wave]
            coming = [come(one, rival, turns) for one, (_, _, rival, turns) in zip(attempts, wave, strict=True)]
            *found, _ = await asyncio.gather(*coming, store.executions.add(NewExecution(a_pending(version), SMALL)))
            unkeyed += 1
            for attempt, record in zip(attempts, found, strict=True):
                if record is None:
                    assert attempt.request.key not in owners
                    owners[attempt.request.key] = attempt
            assert [record or attempt.record for attempt, record in zip(attempts, found, strict=True)] == [
                owners[attempt.request.key].record for attempt in attempts
            ]
        kept = {one.submission.id for one in await everything(store)}
        assert {one.pending.submission.id for one in owners.values()} <= kept
        assert len(kept) == len(owners) + unkeyed
        for one in owners.values():
            assert await whole(await store.executions.dataset(one.pending.submission.id)) == one.dataset


async def test_when_its_time_is_over_a_key_is_free_whether_or_not_it_was_removed(open_store: OpenStore) -> None:
    async with open_store(keys_kept_for=AT_ONCE) as store:
        version = await a_version(store)
        attempts = [an_attempt(version) for _ in range(3)]
        for one in attempts:
            assert await add(store, one) is None
            assert await store.keys.find(KEY) is None
        assert await store.keys.forget_expired(10) == 1
        assert await add(store, an_attempt(version, dataset=OTHER)) is None
        assert len(await everything(store)) == 4


async def test_expired_keys_are_removed_some_at_a_time_and_nothing_else_is(open_store: OpenStore) -> None:
    async with open_store(keys_kept_for=AT_ONCE) as store:
        version = await a_version(store)
        for number in range(5):
            await add(store, an_attempt(version, IdempotencyKey(str(number))))
        removed = [await store.keys.forget_expired(2) for _ in range(4)]
        assert removed == [2, 2, 1, 0]
        assert len(await everything(store)) == 5


async def test_a_key_whose_time_is_not_over_is_not_removed(open_store: OpenStore) -> None:
    async with open_store() as store:
        first = an_attempt(await a_version(store))
        await add(store, first)
        assert await store.keys.forget_expired(10) == 0
        assert await store.keys.find(KEY) == first.record


@pytest.mark.parametrize("keyed", [True, False])
async def test_an_attribution_is_read_in_every_state(open_store: OpenStore, keyed: bool) -> None:
    trace = trace_context("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    attribution = Attribution(submitted_by=an_id(), trace=trace)
    async with open_store() as store:
        plain = an_attempt(await a_version(store))
        pending = evolve(plain.pending, submission=evolve(plain.pending.submission, attribution=attribution))
        if keyed:
            await add(store, evolve(plain, pending=pending))
        else:
            await store.executions.add(NewExecution(pending, SMALL))
        assert await everything(store) == [pending]
        (claimed,) = await claim(store.queue)
        assert claimed.running.submission == pending.submission
        assert await store.queue.finish([ending(claimed)]) == frozenset()
        assert (await now(store, pending)).submission == pending.submission
