"""The ways in which a job fails, and the few in which it does not."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from application.jobs.places import places_of
from application.jobs.tasks import SPARE
from application.ports.job_tasks import (
    DescribeTask,
    InspectTask,
    MergeTask,
    ProcessTask,
    StreamPart,
    Task,
    TaskFailed,
    TaskLost,
    VerifyTask,
    WriteTask,
)
from application.ports.stores import StoreInfo, StoreUnavailable
from domain.comparison.report import ComparisonRefused, ComparisonStopped, NotTables, StopReason
from domain.job_requests import DataFormat, JobRequest
from domain.jobs import JobError, JobErrorKind, JobStatus
from domain.outcome import ErrorKind
from domain.partitions import InputFault, PartitionErrorKind, partition_error
from domain.stores import ObjectUrl, Operation, StoreRules
from tests.application.jobs.engine import DOUBLE, SORT, SUM, WRONG, split
from tests.application.jobs.world import LAKE, World, a_request, lines, url

pytestmark = pytest.mark.anyio
ONE = {"a.ndjson": lines(40, 50, 60)}
SUMS = a_request(output=DataFormat.JSON)
STREAM = {"a.ndjson.gz": lines(40, 50, 60)}


def a_world(objects: Mapping[str, bytes] = ONE, script: bytes = DOUBLE, request: JobRequest | None = None) -> World:
    return World(request or a_request(), objects, script)


async def failure(world: World, kind: JobErrorKind, output: Mapping[str, bytes] | None = None) -> JobError:
    """Carry the job on to its failure, which leaves nothing in the folder of the output but what was there."""
    await world.carry_on()
    error = world.job.error
    assert error is not None
    assert error.kind is kind
    assert world.output == (output or {})
    assert world.ended == [world.job]
    assert all(engine.is_closed for engine in world.engines)
    return error


@pytest.mark.parametrize(
    ("objects", "kind", "message"),
    [
        ({}, JobErrorKind.INPUT_MISSING, "no object matches lake://in/*; check the URL of the input"),
        ({"a.ndjson": b"", "b.txt": b""}, JobErrorKind.INPUT_MALFORMED, "the extension of in/b.txt tells no format"),
        ({"a.ndjson.gz": b"damaged\n"}, JobErrorKind.INPUT_MALFORMED, "input_malformed, line 1: the text is damaged"),
    ],
)
async def test_inputs_that_cannot_be_read(objects: Mapping[str, bytes], kind: JobErrorKind, message: str) -> None:
    world = a_world(objects, request=a_request(verification=None))
    assert message in (await failure(world, kind)).message
    assert world.temporary == []
    assert world.bench.opened == 0


async def test_too_many_objects_and_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("domain.job_plans", "application.jobs.planning", "application.jobs.streams"):
        monkeypatch.setattr(f"{module}.MAX_PARTITIONS", 2)
    many = lines(*range(20, 60))
    objects = ({f"{name}.ndjson": b"" for name in "abc"}, {"a.ndjson": many}, {"a.ndjson.gz": many})
    for given in objects:
        await failure(a_world(given), JobErrorKind.INPUT_TOO_LARGE)


async def test_an_output_that_exists() -> None:
    world = a_world()
    world.stores.put(url("out/other"), b"precious")
    error = await failure(world, JobErrorKind.OUTPUT_EXISTS, {"other": b"precious"})
    assert "lake://out/ is not empty: out/other is there" in error.message


@pytest.mark.parametrize("path", ["out/other", "out/part-00000.ndjson", "out/_manifest.json"])
async def test_an_object_that_comes_into_the_folder_while_the_job_runs_stays(path: str) -> None:
    world = a_world()
    world.bench.after = lambda task: world.stores.put(url(path), b"precious")
    await failure(world, JobErrorKind.OUTPUT_EXISTS, {path.removeprefix("out/"): b"precious"})
    assert world.temporary == []


async def test_a_stream_that_is_not_what_was_planned() -> None:
    changed, missing = a_world(STREAM), a_world(STREAM)
    changed.bench.after = lambda task: changed.stores.put(url("in/a.ndjson.gz"), b"50\n")
    assert "was replaced" in (await failure(changed, JobErrorKind.INPUT_CHANGED)).message
    missing.bench.after = lambda task: missing.stores.remove(url("in/a.ndjson.gz"))
    assert "was deleted" in (await failure(missing, JobErrorKind.INPUT_MISSING)).message


async def test_a_stream_that_is_replaced_while_it_is_read() -> None:
    world = a_world({"a.ndjson.gz": lines(*range(20, 60))}, request=a_request(verification=None))

    async def split_slowly(pieces: AsyncIterator[bytes], *given: Any) -> AsyncIterator[StreamPart]:
        world.stores.put(url("in/a.ndjson.gz"), b"50\n")
        async for part in split(pieces, *given):
            yield part

    runner = world.runner(split=split_slowly)
    assert await runner.carry_one_on()
    assert world.status() is JobStatus.RUNNING
    await failure(world, JobErrorKind.INPUT_CHANGED)


@pytest.mark.parametrize(
    ("task", "of_script"),
    [
        (InspectTask, JobErrorKind.INPUT_MALFORMED),
        (VerifyTask, JobErrorKind.NOT_VERIFIABLE),
        (MergeTask, JobErrorKind.MERGE_FAILED),
        (DescribeTask, JobErrorKind.OUTPUT_INVALID),
        (WriteTask, JobErrorKind.OUTPUT_INVALID),
    ],
)
async def test_tasks_that_fail(task: type[Task], of_script: JobErrorKind) -> None:
    kinds: list[tuple[PartitionErrorKind, JobErrorKind]] = [
        (ErrorKind.TIMEOUT, of_script),
        (ErrorKind.ENGINE_UNAVAILABLE, JobErrorKind.ENGINE_UNAVAILABLE),
        (InputFault.STORE_UNAVAILABLE, JobErrorKind.STORE_REFUSED),
        *((fault, JobErrorKind(fault.value)) for fault in InputFault if fault is not InputFault.STORE_UNAVAILABLE),
    ]
    for reason, expected in kinds:
        world = a_world({"a.csv": lines(40, 50)}, SORT, a_request(True, DataFormat.CSV))
        world.bench.broken[task] = TaskFailed(partition_error(reason, "it is so", column="total"))
        assert (await failure(world, expected)).message == f"{reason.value}, column total: it is so"
    world = a_world({"a.csv": lines(40, 50)}, SORT, a_request(True, DataFormat.CSV))
    world.bench.broken[task] = TaskLost()
    assert "the worker was lost" in (await failure(world, JobErrorKind.WORKER_LOST)).message


async def test_a_lost_worker_costs_its_partition() -> None:
    world = a_world()
    world.bench.broken[ProcessTask] = TaskLost()
    error = await failure(world, JobErrorKind.PARTITIONS_FAILED)
    assert error.partition == 0
    assert {one.error.kind for one in world.settled if one.error is not None} == {ErrorKind.WORKER_LOST}


async def test_a_script_that_does_not_add_up_is_refused_with_its_differences() -> None:
    for request, script, remedy in (
        (a_request(), SUM, '"merge": "script"'),
        (a_request(True), WRONG, "its function merge must"),
    ):
        world = a_world(script=script, request=request)
        assert remedy in (await failure(world, JobErrorKind.VERIFICATION_FAILED)).message
        assert world.rows.rows[world.job_id].differences == b'{"differences": 1}'
        assert world.compare.read[0] == b"150"
        assert sum(json.loads(world.compare.read[1])) == 150
        assert world.temporary == []
        assert not world.bench.processed


async def test_results_that_differ_within_the_tolerance_add_up() -> None:
    world = a_world(script=SUM, request=SUMS)
    world.compare.is_equal = True
    await world.carry_on()
    assert world.status() is JobStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("refusal", "message"),
    [
        (NotTables(is_before=True), "they are no tables with usable keys"),
        (ComparisonStopped(StopReason.MEMORY), "the comparison was given up (memory)"),
    ],
)
async def test_results_that_cannot_be_compared(refusal: ComparisonRefused, message: str) -> None:
    world = a_world(script=SUM)
    world.compare.refusal = refusal
    assert message in (await failure(world, JobErrorKind.NOT_VERIFIABLE)).message


async def test_a_comparison_without_a_process_is_tried_again() -> None:
    world = a_world(script=SUM, request=SUMS)
    world.compare.refusal, world.compare.is_equal = ComparisonStopped(StopReason.UNAVAILABLE), True
    runner = world.runner()
    assert await runner.carry_one_on()
    assert world.status() is JobStatus.RUNNING
    world.compare.refusal = None
    assert await runner.carry_one_on()
    assert world.status() is JobStatus.SUCCEEDED


async def test_a_result_of_the_verification_that_is_gone_is_made_again() -> None:
    world = a_world(script=SUM, request=SUMS)
    world.compare.is_equal = True
    world.bench.after = lambda task: world.stores.remove(places_of(world.job).pieces)
    runner = world.runner()
    assert await runner.carry_one_on()
    assert world.status() is JobStatus.RUNNING
    world.bench.after = bool
    assert await runner.carry_one_on()
    assert world.status() is JobStatus.SUCCEEDED


async def test_a_verification_that_is_skipped() -> None:
    world = a_world(script=SUM, request=a_request(output=DataFormat.JSON, verification=None))
    await world.carry_on()
    assert world.status() is JobStatus.SUCCEEDED
    assert not world.job.is_verified


async def test_columns_of_different_types() -> None:
    world = a_world({"a.ndjson": lines(500, 501)}, DOUBLE, a_request(output=DataFormat.CSV))  # 1000 and 1002
    error = await failure(world, JobErrorKind.OUTPUT_INVALID)
    assert "column big has values of type number in one partial result and string in another" in error.message


async def test_a_tree_of_merges() -> None:
    world = a_world({"a.ndjson": lines(*range(20, 90))}, SUM, a_request(True, DataFormat.JSON, 3))
    await world.carry_on()
    assert world.bench.merge_sizes == [35, 35, 2]
    assert world.output["result.json"] == b"%d" % sum(range(20, 90))
    for seed in range(4):
        ordered = World(a_request(True, DataFormat.JSON, 3), {"a.ndjson": lines(*range(20, 90))}, DOUBLE, seed)
        await ordered.carry_on()
        assert json.loads(ordered.output["result.json"]) == list(range(40, 180, 2))


async def test_a_process_that_has_lost_a_job_publishes_nothing() -> None:
    world = a_world()
    world.bench.after = lambda task: world.rows.cancel(world.job_id) if isinstance(task, WriteTask) else None
    world.stores.move = lambda *given: pytest.fail("an object moved")  # type: ignore[method-assign]
    await world.carry_on()
    assert world.output == {}


async def test_an_output_is_complete_only_if_the_job_is_still_held() -> None:
    world, written = a_world(), list[str]()
    write = world.stores.write

    async def observed(target: ObjectUrl, pieces: AsyncIterator[bytes]) -> Any:
        written.append(target.path.value)
        if target == url("out/_manifest.json"):
            world.rows.cancel(world.job_id)
        return await write(target, pieces)

    world.stores.write = observed  # type: ignore[method-assign,assignment]
    await world.carry_on()
    assert "out/_manifest.json" in written
    assert "out/_SUCCESS" not in written
    assert world.output == {}


async def test_a_failure_while_the_output_is_published_keeps_only_results() -> None:
    world = a_world()

    async def move(*given: object) -> None:
        raise StoreUnavailable("gone")

    world.stores.move = move  # type: ignore[method-assign,assignment]
    await failure(world, JobErrorKind.STORE_REFUSED)
    assert world.temporary == ["results/00000.json", "results/00001.json"]


async def test_the_text_of_a_stream_is_stored_for_a_few_partitions_only() -> None:
    world, most = a_world({"a.ndjson.gz": lines(*range(20, 90))}), 0

    def count(task: Task) -> None:
        nonlocal most
        most = max(most, sum(one.startswith("text/") for one in world.temporary))

    world.bench.after = count
    await world.carry_on()
    assert most == world.workers + SPARE


async def test_an_input_without_rows() -> None:
    for request, names in (
        (a_request(), set()),
        (a_request(output=DataFormat.JSON), {"result.json"}),
        (a_request(True, DataFormat.JSON), {"result.json"}),
    ):
        world = a_world({"a.ndjson": b""}, SORT, request)
        await world.carry_on()
        assert world.output.keys() == {"_SUCCESS", "_manifest.json", *names}
        assert world.job.is_verified


async def test_stores_that_a_job_may_not_use_any_more() -> None:
    for rules in (StoreRules(frozenset({Operation.WRITE})), StoreRules(scripts=("other",)), None):
        world = a_world()
        world.stores.stores = lambda rules=rules: {} if rules is None else {LAKE: StoreInfo(LAKE, rules, True)}  # type: ignore[method-assign,misc]
        assert (
            "store lake is not there for this job any more, to read"
            in (await failure(world, JobErrorKind.STORE_REFUSED)).message
        )
    allowed = StoreRules(keys=("some",))
    world.stores.stores = lambda: {LAKE: StoreInfo(LAKE, allowed, True)}  # type: ignore[method-assign]
    world.rows.retry(world.job_id)
    await world.carry_on()
    assert world.status() is JobStatus.SUCCEEDED
