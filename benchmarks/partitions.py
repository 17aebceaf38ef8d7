"""Throughput of partitions by format, and the work around the sandbox as a share of the sandbox's own time.

    .venv/bin/python -m benchmarks.partitions [MIB]

Each format has the same rows in an object of about so many MiB (by default 32, of Parquet and Arrow as much text), in
memory, and is processed as one partition that is not the first, by the script of the use case. The best of three runs
counts. `around` is the processor time of this process outside the runs: reading, digest, conversion and storing.
"""

import asyncio
import gzip
import hashlib
import io
import json
import random
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import polars as pl
from attrs import evolve
from returns.result import Result, Success

from adapters.javascript.runner import JavaScriptSandbox
from adapters.json.bodies import JsonBodies
from adapters.partitions.performer import TaskPerformer
from adapters.partitions.streams import StreamSplitter
from application.ports.job_tasks import (
    InputObject,
    Inspected,
    InspectTask,
    Processed,
    ProcessTask,
    TaskInput,
    TaskScript,
)
from application.ports.sandbox import RunFailure, Trial
from application.ports.stores import StoredObject, TableSource, WrittenObject
from domain.body import digest
from domain.circumstances import Circumstances
from domain.job_requests import Compression, CsvOptions, DataFormat, Integers
from domain.limits import CEILINGS, MIB
from domain.outcome import Run
from domain.partitions import ObjectVersion, PartitionRange, RangeUnit
from domain.stores import ObjectPath, ObjectUrl, StoreName

SCRIPT: Final = (Path(__file__).parents[1] / "examples/bacen/script.js").read_bytes()
PIECE_BYTES: Final = 4 * MIB
STORE: Final = StoreName("lake")
NOON: Final = datetime(2024, 5, 6, tzinfo=UTC)
RUNS: Final = 3


class MemoryStore:
    """Objects in memory, and in a folder for Polars."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.objects: dict[str, bytes] = {}

    def put(self, path: str, data: bytes) -> ObjectVersion:
        """Write an object."""
        self.objects[path] = data
        (self.folder / path).write_bytes(data)
        return ObjectVersion(path, len(data), path)

    async def head(self, url: ObjectUrl) -> StoredObject:
        """Find an object."""
        path = url.path.value
        return StoredObject(path, len(self.objects[path]), path, NOON)

    async def read(
        self, url: ObjectUrl, start: int = 0, end: int | None = None, etag: str | None = None
    ) -> Result[AsyncIterator[bytes], Any]:
        """Read an object."""
        return Success(pieces(self.objects[url.path.value], start, end))

    async def write(self, url: ObjectUrl, parts: AsyncIterator[bytes]) -> Result[WrittenObject, Any]:
        """Take an object, and forget it."""
        data = b"".join([piece async for piece in parts])
        return Success(WrittenObject(StoredObject(url.path.value, len(data), "x", NOON), digest(data)))

    def table_source(self, url: ObjectUrl) -> TableSource:
        """Return the path of a file."""
        return TableSource(str(self.folder / url.path.value))


async def pieces(data: bytes, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
    """Yield pieces as a store would, which are copies."""
    stop = len(data) if end is None else end
    for at in range(start, stop, PIECE_BYTES):
        yield data[at : min(at + PIECE_BYTES, stop)]


class TimedSandbox:
    """The sandbox, with the time and the processor time of this process during its runs."""

    def __init__(self, sandbox: JavaScriptSandbox) -> None:
        self.sandbox, self.wall, self.cpu = sandbox, 0.0, 0.0

    async def __call__(self, trial: Trial) -> Result[Run, RunFailure]:
        """Run a trial."""
        wall, cpu = time.perf_counter(), time.process_time()
        ran = await self.sandbox.run_trial(trial)
        self.wall, self.cpu = time.perf_counter() - wall, time.process_time() - cpu
        return ran


def rows_of(size_bytes: int) -> list[bytes]:
    """Write rows like those of the use case, of about so many bytes."""
    chance, rows, size = random.Random(7), list[bytes](), 0
    while size < size_bytes:
        row = {
            "trimestre": f"2024{chance.randint(1, 4)}",
            "nomeBandeira": chance.choice(["VISA", "MASTERCARD", "ELO", "AMEX"]),
            "nomeFuncao": "Crédito",
            "produto": chance.choice(["Empresarial", "Gold", "Básico Nacional"]),
            "qtdCartoesEmitidos": chance.randint(1, 10**7),
            "qtdCartoesAtivos": chance.randint(1, 10**7),
            "qtdTransacoesNacionais": chance.randint(1, 10**8),
            "valorTransacoesNacionais": round(chance.random() * 10**9, 2),
        }
        rows.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        size += len(rows[-1]) + 1
    return rows


def objects_of(text: bytes) -> dict[str, tuple[bytes, DataFormat]]:
    """Write the rows in each format."""
    frame = pl.read_ndjson(text)
    csv, parquet, arrow = io.BytesIO(), io.BytesIO(), io.BytesIO()
    frame.write_csv(csv)
    frame.write_parquet(parquet)
    frame.write_ipc(arrow)
    nested = b'{"nested":{"a":[1]},' + text.replace(b"\n{", b'\n{"nested":{"a":[1]},')[1:]
    return {
        "ndjson": (text, DataFormat.NDJSON),
        "ndjson, nested": (nested, DataFormat.NDJSON),
        "csv": (csv.getvalue(), DataFormat.CSV),
        "parquet": (parquet.getvalue(), DataFormat.PARQUET),
        "arrow": (arrow.getvalue(), DataFormat.ARROW),
    }


async def measure(name: str, data: bytes, data_format: DataFormat, sandbox: JavaScriptSandbox, folder: Path) -> None:
    """Process an object and print its throughput."""
    store, timed = MemoryStore(folder), TimedSandbox(sandbox)
    perform = TaskPerformer(cast("Any", store), timed, JsonBodies())
    one = InputObject(store.put("object", data), data_format, Compression.NONE)
    given = TaskInput(store=STORE, csv=CsvOptions(), selected=None, integers=Integers.NUMBERS, columns=None)
    if data_format not in (DataFormat.NDJSON, DataFormat.JSON):
        inspected = await perform(InspectTask(job=UUID(int=1), input=given, objects=(one,)))
        assert isinstance(inspected, Inspected), inspected
        given, one = evolve(given, columns=inspected.columns), evolve(one, version=inspected.objects[0])
    unit, end = (RangeUnit.ROWS, one.version.rows) if one.version.rows else (RangeUnit.BYTES, len(data))
    task = ProcessTask(
        job=UUID(int=1),
        input=given,
        object=one,
        script=TaskScript(
            source=SCRIPT,
            source_sha256=hashlib.sha256(SCRIPT).hexdigest(),
            engine="quickjs-ng",
            limits=CEILINGS,
            circumstances=Circumstances(NOON, "7" * 32),
        ),
        number=1,
        range=PartitionRange(0, unit, 0, end or 0),
        count=2,
        text=None,
        result=ObjectUrl(STORE, ObjectPath("result")),
    )
    best: tuple[float, float, float] | None = None
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        report = await perform(task)
        assert isinstance(report, Processed), report
        cpu = time.process_time() - cpu - timed.cpu
        found = (time.perf_counter() - wall, timed.wall, cpu)
        best = found if best is None else min(best, found)
    assert best is not None
    total, inside, around = best
    mib = len(data) / MIB
    rate = f"{name:15} {mib:6.1f} MiB  {mib / total:6.1f} MiB/s"
    print(f"{rate}  run {inside * 1000:6.0f} ms  around {around * 1000:5.0f} ms = {around / inside:5.1%} of the run")


async def measure_stream(name: str, data: bytes, one: InputObject, text_bytes: int) -> None:
    """Split a stream and print its throughput, by its text."""
    cpu = time.process_time()
    async for _ in StreamSplitter()(pieces(data), 0, one, CsvOptions(), 32 * MIB):
        pass
    cpu = time.process_time() - cpu
    print(f"{name:15} {text_bytes / MIB:6.1f} MiB  {text_bytes / MIB / cpu:6.1f} MiB/s to split")


async def main(folder: Path) -> None:
    """Measure each format."""
    mib = int(sys.argv[1]) if len(sys.argv) > 1 else 32
    rows = rows_of(mib * MIB)
    text = b"\n".join(rows) + b"\n"
    async with JavaScriptSandbox(JsonBodies(), slots=1) as sandbox:
        for name, (data, data_format) in objects_of(text).items():
            await measure(name, data, data_format, sandbox, folder)
    array = b"[" + b",".join(rows) + b"]"
    streams = {
        "json": (array, DataFormat.JSON, Compression.NONE),
        "json.gz": (gzip.compress(array, 1), DataFormat.JSON, Compression.GZIP),
        "ndjson.gz": (gzip.compress(text, 1), DataFormat.NDJSON, Compression.GZIP),
    }
    for name, (data, data_format, compression) in streams.items():
        one = InputObject(ObjectVersion(name, len(data), "x"), data_format, compression)
        await measure_stream(name, data, one, len(array))


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as temporary:
        asyncio.run(main(Path(temporary)))
