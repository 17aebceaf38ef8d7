"""Turns of scripts: they are served one after the other, and each gives its oldest first."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.ports.queue import Release
from domain.engine import EngineName
from domain.execution import Pending
from domain.queue_state import WaitReason
from domain.transitions import release
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import a_version, claim, ending, starting, submitted
from tests.support.values import a_script

pytestmark = pytest.mark.parametrize("open_store", ["memory", "postgres"], indirect=True)  # nothing is sealed here

SCRIPTS = 4
arrivals_and_claims = st.lists(
    st.tuples(st.lists(st.integers(0, SCRIPTS - 1), max_size=8), st.integers(1, 9)), min_size=1, max_size=6
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(steps=arrivals_and_claims)
async def test_between_two_claims_of_a_script_every_other_that_waits_is_served(
    open_store: OpenStore, steps: list[tuple[list[int], int]]
) -> None:
    """Executions arrive, a worker claims some, and so on. It gets as many as it asks for while there are any, oldest
    first within a script; and what had waited when a script was served is served before that script is again."""
    async with open_store() as store:
        versions = [await a_version(store, f"script-{number}") for number in range(SCRIPTS)]
        waiting: dict[UUID, list[UUID]] = {version.script_id: [] for version in versions}
        served: list[UUID] = []
        left: list[set[UUID]] = []
        for arrivals, count in [*steps, ([], 64)]:
            for number in arrivals:
                (one,) = await submitted(store, version=versions[number])
                waiting[versions[number].script_id].append(one.submission.id)
            expected = min(count, sum(map(len, waiting.values())))
            claimed = await claim(store.queue, count)
            assert len(claimed) == expected
            for submission in (each.running.submission for each in claimed):
                assert waiting[submission.script.id].pop(0) == submission.id
                served.append(submission.script.id)
                left.append({script for script, own in waiting.items() if own})
        for first, script in enumerate(served):
            if script in (later := served[first + 1 :]):
                assert left[first] - {script} <= set(later[: later.index(script)])


async def served(store: Store, count: int) -> list[UUID]:
    return [one.running.submission.script.id for one in await claim(store.queue, count)]


async def test_a_backlog_of_one_script_does_not_delay_another(open_store: OpenStore) -> None:
    async with open_store() as store:
        busy, quiet = await a_version(store, "busy"), await a_version(store, "quiet")
        await submitted(store, 100, busy)
        await claim(store.queue, 3)
        await submitted(store, 1, quiet)
        assert set(await served(store, 2)) == {busy.script_id, quiet.script_id}


async def test_with_more_scripts_than_free_slots_each_gets_its_turn(open_store: OpenStore) -> None:
    async with open_store() as store:
        versions = [await a_version(store, f"script-{number}") for number in range(5)]
        for version in versions:
            await submitted(store, 2, version)
        first, second = [[(await served(store, 1))[0] for _ in versions] for _ in range(2)]
        assert first == second == sorted(version.script_id for version in versions)


async def test_concurrent_claims_share_scripts_that_have_one_execution_each(open_store: OpenStore) -> None:
    async with open_store() as store:
        pending = [*[await submitted(store, 1, await a_version(store, f"script-{number}")) for number in range(12)]]
        batches = await asyncio.gather(*(claim(queue, 3) for queue in (store.queue, store.rival) * 4))
        taken = [one.running.submission.id for batch in batches for one in batch]
        assert sorted(taken) == [one.submission.id for (one,) in pending]


async def test_pending_executions_are_counted_up_to_the_limit(open_store: OpenStore) -> None:
    async with open_store() as store:
        assert await store.executions.waiting(3) == 0
        await submitted(store, 5)
        assert [await store.executions.waiting(up_to) for up_to in (4, 5, 6)] == [4, 5, 5]
        ended, _ = await claim(store.queue, 2)
        await store.queue.finish([ending(ended)])
        assert await store.executions.waiting(9) == 3


async def test_no_more_runs_of_a_script_are_started_than_its_cap(open_store: OpenStore) -> None:
    async with open_store(script_runs=2) as store:
        busy, quiet = await a_version(store, "busy"), await a_version(store, "quiet")
        await submitted(store, 5, busy)
        await submitted(store, 1, quiet)
        first = await claim(store.queue, 9)
        assert Counter(one.running.submission.script.id for one in first) == {busy.script_id: 2, quiet.script_id: 1}
        assert await claim(store.rival, 9) == []
        ended, returned, _ = sorted(first, key=lambda one: one.running.submission.script.id)
        await store.queue.finish([ending(ended)])
        assert [one.running.attempt for one in await claim(store.rival, 9)] == [1]
        await store.queue.release([Release(returned.running.claim.id, release(returned.running))])
        (again,) = await claim(store.rival, 9)
        assert again.running.submission == returned.running.submission


async def test_executions_on_an_excluded_engine_stay_pending_and_others_take_their_turn(open_store: OpenStore) -> None:
    async with open_store() as store:
        versions = []
        for number in range(4):
            script, version = a_script(f"script-{number}", engine=list(EngineName)[number % 2])
            (await store.scripts.add(script, version)).unwrap()
            versions.append(version)
            await submitted(store, 3, version)
        excluded = {EngineName.DUKPY.value}
        claimed = await store.queue.claim(64, starting(), excluded)
        assert Counter(one.running.submission.script.engine for one in claimed) == {EngineName.QUICKJS_NG: 6}
        assert len({one.running.submission.script.id for one in claimed[:2]}) == 2
        assert await store.queue.claim(64, starting(), excluded) == []
        assert await store.queue.claim(64, starting(), set(EngineName)) == []
        rest = await store.queue.claim(64, starting(), {EngineName.QUICKJS_NG.value, "a-later-engine"})
        assert Counter(one.running.submission.script.engine for one in rest) == {EngineName.DUKPY: 6}


async def test_executions_behind_an_excluded_engine_are_claimed_once_it_is_back(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, first = a_script(engine=EngineName.QUICKJS_NG)
        (await store.scripts.add(script, first)).unwrap()
        second = evolve(first, number=2, engine=EngineName.DUKPY)
        (await store.scripts.add_version(second)).unwrap()
        order = [first, second, first]
        for version in order:
            await submitted(store, 1, version)
        before = await store.queue.claim(64, starting(), {EngineName.DUKPY.value})
        assert {one.running.submission.script.version for one in before} == {1}
        after = await store.queue.claim(64, starting())
        assert len(before) + len(after) == len(order)


async def test_the_place_in_the_queue_counts_the_earlier_executions_of_the_script(open_store: OpenStore) -> None:
    async with open_store() as store:
        busy, quiet = await a_version(store, "busy"), await a_version(store, "quiet")
        first, second, third = await submitted(store, 3, busy)
        (other,) = await submitted(store, 1, quiet)

        async def ahead(*pending: Pending) -> list[int]:
            return [(await store.executions.queue_place(one)).ahead for one in pending]

        assert await ahead(first, second, third, other) == [0, 1, 2, 0]
        assert (await store.executions.queue_place(third)).reason is WaitReason.NO_WORKERS
        await claim(store.queue, 2)
        assert await ahead(third) == [1]
