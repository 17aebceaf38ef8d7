"""Laws of the runner: the output depends on neither the order in which tasks finish nor the points at which processes
stop, and a job that does not succeed leaves nothing."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any, Final

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from application.jobs.tasks import SPARE
from application.ports.errors import Unavailable
from application.ports.stores import StoreUnavailable
from domain.job_requests import DataFormat, JobRequest
from domain.jobs import JobErrorKind, JobStatus
from domain.partitions import PartitionState
from tests.application.jobs.engine import DOUBLE, FAILS, SORT, SUM
from tests.application.jobs.faults import Crash, Faults, raising
from tests.application.jobs.job_rows import LEASE
from tests.application.jobs.world import World, a_request, lines
from tests.support.virtual_time import run

_FORMATS: Final = [DataFormat.JSON, DataFormat.NDJSON, DataFormat.CSV]


@frozen
class Scenario:
    """A job: numbers by the names of their objects, and its script and request."""

    objects: Mapping[str, tuple[int, ...]]
    script: bytes
    request: JobRequest
    workers: int

    def world(self, seed: int = 0) -> World:
        objects = {name: lines(*numbers) for name, numbers in self.objects.items()}
        return World(self.request, objects, self.script, seed, self.workers)

    @property
    def numbers(self) -> list[int]:
        return [one for name in sorted(self.objects) for one in self.objects[name]]


def _requests(script: bytes) -> st.SearchStrategy[JobRequest]:
    """Scripts that do not add up without a merge have one; a sum has no rows."""
    merges = st.just(True) if script != DOUBLE else st.booleans()
    formats = st.sampled_from(_FORMATS) if script != SUM else st.just(DataFormat.JSON)
    return st.builds(a_request, merges, formats, st.integers(2, 12))


_objects: Final = st.dictionaries(
    st.sampled_from(["a.ndjson", "b.ndjson", "c.ndjson.gz", "d.csv"]),
    st.lists(st.integers(20, 99), max_size=9).map(tuple),
    min_size=1,
)
_scenarios: Final = st.sampled_from([SUM, DOUBLE, SORT]).flatmap(
    lambda script: st.builds(Scenario, _objects, st.just(script), _requests(script), st.integers(1, 3))
)
SMALL: Final = Scenario({"a.ndjson": (40, 50, 60), "b.ndjson.gz": (70, 80, 90)}, SORT, a_request(True), 1)


def _rows(world: World) -> object:
    """Read the value or the rows of an output, whatever its format."""
    output = world.output
    if "result.json" in output:
        return json.loads(output["result.json"])
    parts = [output[name].decode().split() for name in sorted(output) if name.startswith("part-")]
    return [int(one) for part in parts for one in part if one != "n"]


def _clean(scenario: Scenario, seed: int) -> World:
    async def work() -> World:
        world = scenario.world(seed)
        await world.carry_on()
        return world

    return run(work())


@settings(max_examples=40, deadline=None)
@given(_scenarios, st.integers(0, 9))
def test_the_output_is_that_of_the_script_over_all_rows(scenario: Scenario, seed: int) -> None:
    numbers, world = scenario.numbers, _clean(scenario, seed)
    expected = {SUM: sum(numbers), DOUBLE: [2 * one for one in numbers], SORT: sorted(numbers)}[scenario.script]
    assert _rows(world) == expected
    assert world.status() is JobStatus.SUCCEEDED
    assert world.temporary == []
    assert set(world.bench.processed.values()) <= {1}
    assert world.bench.most_under_way <= scenario.workers + SPARE
    assert {"_SUCCESS", "_manifest.json"} < set(world.output) or not numbers
    assert world.bench.counts <= ({None} if "c.ndjson.gz" in scenario.objects else {len(world.settled)})


@settings(max_examples=25, deadline=None)
@given(_scenarios, st.lists(st.tuples(st.integers(1, 120), st.sampled_from([Crash, OSError, Unavailable]))))
def test_faults_anywhere_change_no_byte_of_the_output(
    scenario: Scenario, at: list[tuple[int, type[BaseException]]]
) -> None:
    clean = _clean(scenario, 1)

    async def work() -> World:
        world = _same_job(scenario, clean, seed=2)
        faults = Faults({call: raising(_error(kind, number)) for number, (call, kind) in enumerate(at)})
        await _carry_on_through_crashes(world, faults)
        return world

    _check_same(clean, run(work()))


@pytest.mark.parametrize("kind", [Crash, StoreUnavailable])
def test_each_call_of_a_port_may_fail(kind: type[BaseException]) -> None:
    clean = _clean(SMALL, 1)

    async def work(call: int) -> bool:
        world, faults = _same_job(SMALL, clean, seed=call), Faults({call: raising(kind("a fault"))})
        await _carry_on_through_crashes(world, faults)
        _check_same(clean, world)
        return faults.count >= call

    assert _first_beyond(work) > 100


def test_cancellation_at_any_moment_ends_the_work() -> None:
    def scenario_at(call: int) -> Scenario:
        return SMALL if call % 2 else evolve(SMALL, request=a_request(False), script=DOUBLE)

    async def work(call: int) -> bool:
        world = scenario_at(call).world(seed=call)
        faults = Faults({call: partial(world.rows.cancel, world.job_id)})
        await world.carry_on(faults)
        await world.carry_on()  # what came too late for the process is left for the next one
        assert world.temporary == []
        assert all(engine.is_closed for engine in world.engines)
        if world.status() is JobStatus.FAILED:
            assert world.job.error is not None
            assert world.job.error.kind is JobErrorKind.CANCELLED
            assert world.output == {}
        return faults.count >= call

    assert _first_beyond(work) > 100


def test_cancellation_after_a_crash_leaves_nothing() -> None:
    async def work(call: int) -> bool:
        world = SMALL.world(seed=call)
        faults = Faults({call: raising(Crash())})
        with suppress(Crash):
            await world.carry_on(faults)
        world.rows.cancel(world.job_id)
        await world.carry_on()
        assert world.temporary == []
        assert world.status() is JobStatus.SUCCEEDED or world.output == {}
        return faults.count >= call

    assert _first_beyond(work) > 100


@settings(max_examples=20, deadline=None)
@given(_scenarios, st.integers(0, 9), st.sampled_from(["b.ndjson", "c.ndjson.gz"]))
def test_only_failed_partitions_run_again(scenario: Scenario, seed: int, name: str) -> None:
    scenario = evolve(
        scenario,
        objects={**scenario.objects, name: (20, FAILS, 30, 40)},
        request=evolve(scenario.request, verification=None),
    )
    clean = _clean(scenario, seed)

    async def work() -> World:
        world = _same_job(scenario, clean, seed)
        world.bench.failing.add(FAILS)
        await world.carry_on()
        _check_partitions_failed(world)
        world.bench.failing.clear()
        done = {one.number for one in world.settled if one.state is PartitionState.DONE}
        world.bench.processed.clear()
        world.rows.retry(world.job_id)
        await world.carry_on()
        assert not done & world.bench.processed.keys()
        return world

    assert run(work()).output == clean.output


def _check_partitions_failed(world: World) -> None:
    error = world.job.error
    assert error is not None
    assert error.kind is JobErrorKind.PARTITIONS_FAILED
    assert error.partition == min(one.number for one in world.settled if one.error is not None)
    assert "script_error, line 7: an unlucky number" in error.message
    assert world.output == {}
    assert {name.partition("/")[0] for name in world.temporary} <= {"results"}


def _same_job(scenario: Scenario, clean: World, seed: int) -> World:
    """Submit the job once more, with its id: the manifest has it."""
    world = scenario.world(seed)
    row = world.rows.rows.pop(world.job_id)
    world.job_id = clean.job_id
    script = clean.rows.rows[clean.job_id].job.script
    world.rows.add(evolve(row.job, id=clean.job_id, script=script), row.version)
    return world


def _error(kind: type[BaseException], number: int) -> BaseException:
    """Make an error; bugs, of which few are tried again, happen once."""
    return kind("a fault") if kind is not OSError or number == 0 else Unavailable("an outage")


async def _carry_on_through_crashes(world: World, faults: Faults) -> None:
    while True:
        try:
            await world.carry_on(faults)
        except Crash:
            pass
        else:
            if world.job.finished_at is not None:
                break
        await asyncio.sleep(LEASE.total_seconds() + 1)
    await world.carry_on()


def _check_same(clean: World, world: World) -> None:
    assert world.job.error is None
    assert world.output == clean.output
    assert world.job.outcome == clean.job.outcome
    assert world.temporary == []
    assert world.bench.most_under_way <= world.workers + SPARE
    stored = world.rows.rows[world.job_id].partitions.values()
    assert all(one.attempts == 1 for one in stored)


def _first_beyond(work: Callable[[int], Coroutine[Any, Any, bool]]) -> int:
    """Try each call, and return the number of the first that is not made any more."""
    return next(number for number in count(1) if not run(work(number)))
