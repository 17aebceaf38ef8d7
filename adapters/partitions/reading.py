"""Reading of a partition's rows, whatever its format."""

from returns.pipeline import is_successful

from adapters.partitions.lines import read_lines
from adapters.partitions.ranges import ByteRange, missing
from adapters.partitions.rows import Rows
from adapters.partitions.tools import Tools
from application.ports.job_tasks import ProcessTask
from domain.job_requests import DataFormat
from domain.partitions import ObjectVersion
from domain.stores import ObjectPath, ObjectUrl
from domain.warnings import ExecutionWarning


async def read_rows(tools: Tools, task: ProcessTask) -> Rows:
    """Read the rows of a task's partition. Raises `TaskRefused`."""
    match task.object.format:
        case DataFormat.NDJSON | DataFormat.JSON:
            return await read_lines(tools.stores, tools.bodies, await span_of(tools, task), task.range, tools.bounds)
        case _:
            raise NotImplementedError


async def span_of(tools: Tools, task: ProcessTask) -> ByteRange:
    """Return the bytes to read: a range of the object, or all of the text that was cut from a stream."""
    if task.text is None:
        version = task.object.version
        url = ObjectUrl(task.input.store, ObjectPath(version.path))
        return ByteRange(url, version, task.range.start, task.range.end)
    found = await tools.stores.head(task.text)
    if found is None:
        raise missing(task.text.path.value)
    return ByteRange(
        task.text, ObjectVersion(task.object.version.path, found.size_bytes, found.etag), 0, found.size_bytes
    )


async def warnings_of(tools: Tools, task: ProcessTask, rows: Rows) -> tuple[ExecutionWarning, ...]:
    """Warn of numbers that JavaScript rounds. It takes as long as reading, so that of lines looks at the first
    partition alone."""
    if task.number or task.object.format in (DataFormat.PARQUET, DataFormat.ARROW):
        return rows.warnings
    encoded = await tools.bodies.encode_dataset(rows.text)
    return (*rows.warnings, *encoded.unwrap().warnings) if is_successful(encoded) else rows.warnings
