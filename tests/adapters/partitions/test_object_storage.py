"""Objects in object storage: all formats, their versions, its refusals, and the output of whole jobs."""

import asyncio
import io
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Final

import moto.settings
import polars as pl
import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.partitions.performer import TaskPerformer
from adapters.partitions.streams import StreamSplitter
from adapters.stores.configuration import StoreDefinition
from adapters.stores.stores import ConfiguredStores
from application.ports.job_tasks import (
    FinishedTask,
    InputObject,
    Inspected,
    InspectTask,
    JobEngine,
    PerformTask,
    Processed,
    ProcessTask,
    Task,
    TaskFailed,
)
from application.ports.stores import ObjectStores, StoreUnavailable
from domain.job_requests import ColumnType, Compression, DataFormat
from domain.jobs import Column, JobStatus
from domain.partitions import InputFault, ObjectVersion, PartitionRange, RangeUnit, cut_by_bytes, cut_by_rows
from domain.stores import Folder, ObjectPath
from tests.adapters.partitions.folder_store import STORE, a_url
from tests.adapters.partitions.tasks import BODIES, JOB, FakeSandbox, a_process_task, an_input
from tests.application.jobs.world import World, a_request
from tests.support.object_storage import OPTIONS, SECRET, s3_server, s3_stores

INPUTS: Final = (DataFormat.NDJSON, DataFormat.CSV, DataFormat.PARQUET, DataFormat.ARROW)
TABLES: Final = INPUTS[2:]
ROWS: Final = tuple({"n": at, "s": f"é{at}"} for at in range(60))
COLUMNS: Final = (Column("n", ColumnType.NUMBER), Column("s", ColumnType.STRING))
OTHER: Final = b"all of this is something else"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run a server, and return its address."""
    with s3_server() as address:
        yield address


def written(data_format: DataFormat, rows: tuple[dict[str, Any], ...] = ROWS) -> bytes:
    """Write rows in a format."""
    out, frame = io.BytesIO(), pl.DataFrame(list(rows))
    match data_format:
        case DataFormat.NDJSON:
            frame.write_ndjson(out)
        case DataFormat.CSV:
            frame.write_csv(out)
        case DataFormat.PARQUET:
            frame.write_parquet(out, row_group_size=7)
        case _:
            frame.write_ipc(out, compression="zstd")
    return out.getvalue()


async def put(stores: ObjectStores, path: str, data: bytes) -> ObjectVersion:
    """Write an object."""

    async def pieces() -> AsyncIterator[bytes]:
        yield data

    stored = (await stores.write(a_url(path), pieces())).unwrap().object
    return ObjectVersion(path, stored.size_bytes, stored.etag)


async def get(stores: ObjectStores, path: str) -> bytes:
    """Read an object."""
    return b"".join([piece async for piece in (await stores.read(a_url(path))).unwrap()])


def performing(stores: ObjectStores) -> tuple[FakeSandbox, TaskPerformer]:
    """Create the port, with the sandbox that records what it gets."""
    sandbox = FakeSandbox()
    return sandbox, TaskPerformer(stores, sandbox, BODIES)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


async def rows_of(stores: ObjectStores, version: ObjectVersion, data_format: DataFormat, part_bytes: int) -> list[Any]:
    """Inspect an object, cut it, and process its partitions; return the rows that the script got."""
    sandbox, perform = performing(stores)
    columns, cut = None, cut_by_bytes
    if data_format is not DataFormat.NDJSON:
        inspected = await perform(inspection(version, data_format))
        assert isinstance(inspected, Inspected), inspected
        (version,), columns = inspected.objects, inspected.columns
        cut = cut_by_bytes if columns else cut_by_rows
    for number, span in enumerate(cut([version], part_bytes), 1):
        task = a_process_task(version, span, number=number, format=data_format, input=an_input(columns=columns))
        report = await perform(task)
        assert isinstance(report, Processed), report
        if report.result.result_sha256:
            assert json.loads(await get(stores, task.result.path.value))
    return [row for trial in sandbox.trials for row in json.loads(trial.dataset.text or b"")]


def inspection(version: ObjectVersion, data_format: DataFormat) -> InspectTask:
    return InspectTask(job=JOB, input=an_input(), objects=(InputObject(version, data_format, Compression.NONE),))


def whole(version: ObjectVersion, data_format: DataFormat) -> ProcessTask:
    """Create the task of a whole object."""
    if data_format in TABLES:
        version = evolve(version, rows=len(ROWS))
        span = PartitionRange(0, RangeUnit.ROWS, 0, len(ROWS))
        return a_process_task(version, span, format=data_format)
    return a_process_task(version, format=data_format, input=an_input(columns=COLUMNS))


@settings(max_examples=3)
@given(part_bytes=st.integers(40, 900))
@pytest.mark.parametrize("data_format", INPUTS)
def test_the_rows_of_all_partitions_are_those_of_the_object(
    address: str, data_format: DataFormat, part_bytes: int
) -> None:
    async def work() -> None:
        stores = s3_stores(address)
        version = await put(stores, "in/rows", written(data_format))
        assert await rows_of(stores, version, data_format, part_bytes) == list(ROWS)

    run(work())


def test_names_of_any_characters_are_those_of_the_objects(address: str) -> None:
    names = ("a b", "%2e%2e", "a%20b", "a?b=c", "a#b", "[a]", "n=1/é", "a+b:c", "a&b", "{x}", "a\\b", "'\"")

    async def work() -> None:
        stores = s3_stores(address)
        for number, name in enumerate(names):
            rows = ({"n": number, "s": name},)
            for data_format in TABLES:
                version = await put(stores, f"{name}.{data_format.value}", written(data_format, rows))
                assert await rows_of(stores, version, data_format, 100) == list(rows)

    run(work())


@pytest.mark.parametrize("data_format", INPUTS)
def test_an_object_that_is_missing_or_changed_is_reported_with_its_path(address: str, data_format: DataFormat) -> None:
    async def work() -> None:
        stores = s3_stores(address)
        task = whole(await put(stores, "in/rows", written(data_format)), data_format)
        tasks: list[Task] = [task]
        if data_format is not DataFormat.NDJSON:
            tasks.append(inspection(task.object.version, data_format))
        _, perform = performing(stores)
        await put(stores, "in/rows", written(data_format, ROWS[1:]))
        assert {await kind_of(perform, one) for one in tasks} == {InputFault.INPUT_CHANGED}
        await stores.delete(a_url("in/rows"))
        assert {await kind_of(perform, one) for one in tasks} == {InputFault.INPUT_MISSING}

    run(work())


async def kind_of(perform: PerformTask, task: Task) -> object:
    report = await perform(task)
    assert isinstance(report, TaskFailed), report
    assert "in/rows" in report.error.message
    return report.error.kind


@pytest.mark.parametrize("data_format", TABLES)
@pytest.mark.parametrize("damage", [slice(0, 0), slice(0, 3), slice(0, -20), slice(-200, None), None])
def test_a_damaged_table_is_refused_and_not_tried_again(
    address: str, data_format: DataFormat, damage: slice | None
) -> None:
    async def work() -> None:
        stores = s3_stores(address)
        data = OTHER if damage is None else written(data_format)[damage]
        task = whole(await put(stores, "in/rows", data), data_format)
        _, perform = performing(stores)
        assert await kind_of(perform, task) == InputFault.INPUT_MALFORMED

    run(work())


@pytest.mark.parametrize("data_format", INPUTS)
@pytest.mark.parametrize("accepted_requests", [0, 1])
def test_credentials_that_are_refused_make_the_store_unavailable_and_are_told_to_nobody(
    address: str, data_format: DataFormat, accepted_requests: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The first request looks whether the object has changed. The next is a reader's own."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("moto").setLevel(logging.ERROR)

    async def work() -> str:
        stores = s3_stores(address)
        task = whole(await put(stores, "in/rows", written(data_format)), data_format)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("moto.core.authorization.ActionAuthenticatorMixin.request_count", 0)
            patch.setattr(moto.settings, "INITIAL_NO_AUTH_ACTION_COUNT", accepted_requests)
            with pytest.raises(StoreUnavailable) as caught:
                await performing(stores)[1](task)
        return str(caught.value)

    message = asyncio.run(work())
    assert "credentials" in message
    told = message + caplog.text
    assert not [one for one in (SECRET, address, OPTIONS["aws_access_key_id"]) if one in told]


@pytest.mark.parametrize("accepts_http", [False, True])
def test_a_server_without_tls_needs_the_operator_s_permission(address: str, accepts_http: bool) -> None:
    options = {**OPTIONS, "aws_endpoint": address, **({"allow_http": "true"} if accepts_http else {})}
    stores = ConfiguredStores([StoreDefinition(STORE, "s3://lake", options=options)])

    async def work() -> None:
        version = await put(s3_stores(address), "in/rows", written(DataFormat.PARQUET))
        report = performing(stores)[1](whole(version, DataFormat.PARQUET))
        if accepts_http:
            assert isinstance(await report, TaskFailed)  # it is in another folder of the bucket
        else:
            with pytest.raises(StoreUnavailable):
                await report

    run(work())


class OneAfterAnother:
    """An engine in this process."""

    workers = 1

    def __init__(self, perform: PerformTask) -> None:
        self._perform, self._waiting = perform, deque[Task]()

    async def submit(self, task: Task) -> None:
        self._waiting.append(task)

    async def next_finished(self) -> FinishedTask:
        task = self._waiting.popleft()
        return FinishedTask(task, await self._perform(task))

    async def cancel(self) -> None:
        self._waiting.clear()

    async def close(self) -> None:
        self._waiting.clear()


@frozen
class Output:
    """A format of output, the name of its first object and what reads its rows."""

    format: DataFormat
    name: str
    rows: Callable[[bytes], list[Any]]


OUTPUTS: Final = (
    Output(DataFormat.JSON, "result.json", json.loads),
    Output(DataFormat.NDJSON, "part-00000.ndjson", lambda data: [json.loads(line) for line in data.splitlines()]),
    Output(DataFormat.CSV, "part-00000.csv", lambda data: pl.read_csv(data).to_dicts()),
    Output(DataFormat.PARQUET, "part-00000.parquet", lambda data: pl.read_parquet(data).to_dicts()),
)


@pytest.mark.parametrize(("output", "fails"), [*((one, False) for one in OUTPUTS), (OUTPUTS[1], True)])
def test_a_job_publishes_all_of_its_output_or_nothing(address: str, output: Output, fails: bool) -> None:
    async def work() -> None:
        stores = s3_stores(address)
        await put(stores, "in/a.parquet", written(DataFormat.PARQUET))
        performer = performing(FailingOnce(stores, output.name) if fails else stores)[1]

        async def open_engine() -> JobEngine:
            return OneAfterAnother(performer)

        world = World(a_request(output=output.format, partition_bytes=1 << 20, verification=None), {}, b"")
        runner = world.runner(open_engine=open_engine, stores=stores, split=StreamSplitter())
        await runner.carry_one_on()
        if fails:
            assert (world.job.finished_at, await names(stores, "out")) == (None, set())
            await runner.carry_one_on()
        assert world.status() is JobStatus.SUCCEEDED
        assert await names(stores, "out") == {f"out/{name}" for name in (output.name, "_manifest.json", "_SUCCESS")}
        assert output.rows(await get(stores, f"out/{output.name}")) == list(ROWS)
        assert await names(stores, ".bateia") == set()

    run(work())


async def names(stores: ObjectStores, folder: str) -> set[str]:
    return {one.path for one in await stores.page(Folder(STORE, ObjectPath(folder)), "", 99)}


class FailingOnce:
    """A store that fails in the middle of the first object of that name."""

    def __init__(self, stores: ObjectStores, name: str) -> None:
        self._stores, self._name = stores, name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stores, name)

    async def write(self, url: Any, pieces: AsyncIterator[bytes], **more: Any) -> Any:
        async def half() -> AsyncIterator[bytes]:
            self._name = "no other"
            piece = await anext(pieces)
            yield piece[: len(piece) // 2]
            raise StoreUnavailable("the store has failed")

        return await self._stores.write(url, half() if url.path.value.endswith(self._name) else pieces, **more)
