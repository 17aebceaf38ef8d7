"""The contract of every store for executions that are added already running, by the process that accepted them."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.ports.executions import ExecutionDetails, NewExecution
from application.ports.queue import Claimed, Release
from domain.body import Body
from domain.execution import Claim, Pending, Running, Unfinished
from domain.idempotency import IdempotencyKey, KeyRecord, request_fingerprint
from domain.outcome import Logs, Run
from domain.transitions import release, start
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import a_version, claim, ending, losing
from tests.contracts.test_idempotency import record_of
from tests.support.stored_bodies import whole
from tests.support.values import a_body, a_pending, an_id, runs

SMALL, LARGE = a_body(), a_body(b'"' + b"x" * 70_000 + b'"')


def a_start(version: ScriptVersion, dataset: Body = SMALL) -> Running:
    pending = a_pending(version, dataset=dataset)
    return start(pending, Claim(an_id(), "one"), pending.submission.submitted_at)


async def added(store: Store) -> Running:
    running = a_start(await a_version(store))
    await store.executions.add(NewExecution(running, SMALL))
    return running


async def test_an_execution_added_running_is_read_as_it_is_and_no_worker_claims_it(open_store: OpenStore) -> None:
    async with open_store() as store:
        running = await added(store)
        report = await store.executions.report(running.submission.id, 100)
        assert report == ExecutionDetails(running, Logs(), None)
        assert await whole(await store.executions.dataset(running.submission.id)) == SMALL
        assert await claim(store.rival, 9) == []
        assert await store.executions.waiting(9) == 0
        assert await store.queue.renew([running]) == frozenset()


async def test_its_lease_expires_like_any_other(open_store: OpenStore) -> None:
    async with open_store(lease=timedelta(0)) as store:
        running = await added(store)
        assert await store.rival.reclaim(9, losing()) == [Pending(running.submission, attempts=1)]
        assert await store.queue.renew([running]) == {running.claim.id}


async def test_it_is_not_reclaimed_while_its_lease_lasts(open_store: OpenStore) -> None:
    async with open_store() as store:
        await added(store)
        assert await store.rival.reclaim(9, losing()) == []


async def test_its_release_lets_another_worker_claim_it(open_store: OpenStore) -> None:
    async with open_store() as store:
        running = await added(store)
        assert await store.queue.release([Release(running.claim.id, release(running))]) == frozenset()
        (taken,) = await claim(store.rival, 9)
        assert (taken.running.submission, taken.running.attempt) == (running.submission, 1)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(several=st.lists(runs, min_size=8, max_size=8))
async def test_the_record_of_its_end_equals_the_completion(open_store: OpenStore, several: list[Run]) -> None:
    async with open_store() as store:
        version = await a_version(store)
        for run in several:
            running = a_start(version)
            await store.executions.add(NewExecution(running, SMALL))
            completion = ending(Claimed(running, version.source, SMALL), run)
            assert await store.queue.finish([completion]) == frozenset()
            report = await store.executions.report(running.submission.id, 1_000)
            assert report == ExecutionDetails(completion.execution, completion.logs, completion.result)


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
async def test_of_concurrent_requests_with_a_key_one_is_added_running(open_store: OpenStore, body: Body) -> None:
    async with open_store() as store:
        version, key = await a_version(store), IdempotencyKey("once")
        request = request_fingerprint(key, version.script_id, None, body.digest)
        starts = [a_start(version, body) for _ in range(4)]
        several = zip(starts, [store.keys, store.rival_keys] * 2, strict=True)
        added = await asyncio.gather(*(keys.add(NewExecution(one, body), request) for one, keys in several))
        records = [record_of(one) for one in added]
        first = starts[records.index(None)]
        assert [one for one in records if one is not None] == [KeyRecord(request, first.submission.id)] * 3
        for one in starts:
            report = await store.executions.report(one.submission.id, 0)
            assert (report is not None) == (one is first)


async def test_a_batch_may_have_pending_and_running_executions(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await a_version(store)
        mixed: list[Unfinished] = [a_start(version), a_pending(version), a_start(version), a_pending(version)]
        await asyncio.gather(*(store.executions.add(NewExecution(one, SMALL)) for one in mixed))
        for one in mixed:
            report = await store.executions.report(one.submission.id, 0)
            assert report == ExecutionDetails(one, Logs(), None)
        pending = [one.submission for one in mixed if isinstance(one, Pending)]
        assert [one.running.submission for one in await claim(store.queue, 9)] == pending
