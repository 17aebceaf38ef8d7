"""Reading of a partition's rows, whatever its format."""

import asyncio

from attrs import evolve
from returns.pipeline import is_successful

from adapters.partitions.csv_rows import CsvPart, read_csv
from adapters.partitions.json_values import array_text, warnings_of_counts, warnings_of_values
from adapters.partitions.lines import read_lines, text_of, where
from adapters.partitions.ranges import ByteRange, LineBlocks, missing
from adapters.partitions.rows import Rows
from adapters.partitions.tables import read_table
from adapters.partitions.tools import Tools
from application.ports.job_tasks import ProcessTask, TaskInput
from domain.job_requests import DataFormat
from domain.partitions import ObjectVersion, PartitionRange, RangeUnit
from domain.stores import ObjectPath, ObjectUrl
from domain.warnings import ExecutionWarning


async def read_rows(tools: Tools, task: ProcessTask) -> Rows:
    """Read the rows of a task's partition. Raises `TaskRefused`."""
    match task.object.format:
        case DataFormat.NDJSON | DataFormat.JSON:
            return await read_lines(tools.stores, tools.bodies, await span_of(tools, task), task.range, tools.bounds)
        case DataFormat.CSV:
            return await _read_csv(tools, task)
        case DataFormat.PARQUET | DataFormat.ARROW:
            return await read_table(tools.stores, task.input, task.object, task.range, tools.bounds)


async def span_of(tools: Tools, task: ProcessTask) -> ByteRange:
    """Return the bytes to read: a range of the object, or all of the text that was cut from a stream."""
    if task.text is None:
        version = task.object.version
        url = ObjectUrl(task.input.store, ObjectPath(version.path))
        return ByteRange(url, version, task.range.start, task.range.end)
    found = await tools.stores.head(task.text)
    if found is None:
        raise missing(task.text.path.value)
    version = ObjectVersion(task.object.version.path, found.size_bytes, found.etag)
    return ByteRange(task.text, version, 0, found.size_bytes)


async def warnings_of(tools: Tools, task: ProcessTask, rows: Rows) -> tuple[ExecutionWarning, ...]:
    """Warn of numbers that JavaScript rounds. It takes as long as reading, so that of lines looks at the first
    partition alone."""
    if task.number or task.object.format not in (DataFormat.NDJSON, DataFormat.JSON):
        return rows.warnings
    encoded = await tools.bodies.encode_dataset(rows.text)
    return encoded.unwrap().warnings if is_successful(encoded) else ()


async def _read_csv(tools: Tools, task: ProcessTask) -> Rows:
    lines = LineBlocks(tools.stores, await span_of(tools, task), tools.bounds)
    data = await text_of(lines, tools.bounds)
    place = task.range if task.range.unit is RangeUnit.TEXT else evolve(task.range, start=lines.start, end=lines.end)
    part = CsvPart(data, task.range.start == 0, where(task.object.version.path, place))
    return await asyncio.to_thread(_csv_rows, tools, part, task.input, (lines, place))


def _csv_rows(tools: Tools, part: CsvPart, given: TaskInput, taken: tuple[LineBlocks, PartitionRange]) -> Rows:
    lines, place = taken
    frame = read_csv(part, given.csv, given.columns or (), given.selected)
    return Rows(
        range=place,
        text=array_text(frame, tools.bounds),
        count=frame.height,
        size_bytes=lines.size_bytes,
        sha256=lines.sha256,
        warnings=warnings_of_counts(warnings_of_values(frame)),
    )
