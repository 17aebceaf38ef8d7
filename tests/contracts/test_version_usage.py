"""The contract of every store for the use of versions: the newest executions of each, and the tests on it."""

from enum import StrEnum

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.system import utc_now
from application.ports.executions import NewExecution
from application.ports.script_tests import NewTest
from domain.script_tests import ScriptTestResult
from domain.transitions import cancel
from domain.version_usage import VersionUsage
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_executions import claim, ending
from tests.support.script_tests import a_content, a_script_test
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run, a_script, an_id

VERSIONS = (1, 2, 3)


class End(StrEnum):
    """End of an execution."""

    NONE = "none"
    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLATION = "cancellation"
    REPLAY = "replay"


async def run_to(store: Store, version: ScriptVersion, end: End) -> None:
    pending = a_pending(version)
    if end is End.REPLAY:
        pending = evolve(pending, submission=evolve(pending.submission, replay_of=an_id()))
    await store.executions.add(NewExecution(pending, a_body()))
    if end is End.CANCELLATION:
        (await store.executions.cancel(pending, cancel(pending, utc_now()))).unwrap()
    if end in (End.SUCCESS, End.FAILURE):
        (claimed,) = await claim(store.queue, 1)
        run = a_run() if end is End.SUCCESS else a_run(a_failure())
        await store.queue.finish([ending(claimed, run)])


async def hosted(store: Store) -> list[ScriptVersion]:
    script, first = a_script(f"a-{an_id()}"[:60])
    (await store.scripts.add(script, first)).unwrap()
    return [
        first,
        *[(await store.scripts.add_version(evolve(first, number=number))).unwrap() for number in VERSIONS[1:]],
    ]


def counted(ends: list[End], up_to: int) -> VersionUsage:
    examined = ends[::-1][:up_to]
    return VersionUsage(
        executions=len(examined) - examined.count(End.REPLAY),
        failed=examined.count(End.FAILURE),
        cancelled=examined.count(End.CANCELLATION),
        is_complete=len(examined) < up_to,
        tests_passed=0,
        tests_failed=0,
        tests_not_run=0,
    )


ends = st.lists(st.tuples(st.sampled_from(VERSIONS[:2]), st.sampled_from(End)), max_size=10)


@pytest.mark.parametrize("open_store", ["memory", "postgres", "postgres, hostile, sealed"], indirect=True)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ran=ends, up_to=st.integers(1, 6))
async def test_the_newest_executions_of_each_version_are_counted_but_replays(
    open_store: OpenStore, ran: list[tuple[int, End]], up_to: int
) -> None:
    async with open_store() as store:
        versions, others = await hosted(store), await hosted(store)
        for number, end in sorted(ran, key=lambda one: one[1] in (End.NONE, End.REPLAY)):  # or it would be claimed
            await run_to(store, versions[number - 1], end)
            await run_to(store, others[number - 1], End.CANCELLATION)
        found = await store.version_usage(versions[0].script_id, VERSIONS, up_to)
        in_order = sorted(ran, key=lambda one: one[1] in (End.NONE, End.REPLAY))
        own = {number: [end for of, end in in_order if of == number] for number in VERSIONS}
        assert found == {number: counted(own[number], up_to) for number in VERSIONS}


@pytest.mark.parametrize("open_store", ["memory", "postgres"], indirect=True)
async def test_the_tests_of_the_script_count_by_their_results_on_each_version(open_store: OpenStore) -> None:
    async with open_store() as store:
        versions = await hosted(store)
        tests = [a_script_test(versions[0].script_id, name) for name in ("one", "two", "three")]
        for one in tests:
            (await store.script_tests.put(NewTest(one, a_content()))).unwrap()
        results = [ScriptTestResult(one.id, passed) for one, passed in zip(tests, (True, True, False), strict=True)]
        await store.script_tests.record(versions[1], results, NOON)
        await store.script_tests.record(versions[2], results[2:], NOON)
        found = await store.version_usage(versions[0].script_id, VERSIONS, 9)
        shown = {number: (one.tests_passed, one.tests_failed, one.tests_not_run) for number, one in found.items()}
        assert shown == {1: (0, 0, 3), 2: (2, 1, 0), 3: (0, 1, 2)}
