"""A run of `process` over a partition."""

import time
from typing import Final

from attrs import evolve

from adapters.partitions.lines import diagnose
from adapters.partitions.ranges import too_large
from adapters.partitions.reading import read_rows, span_of, warnings_of
from adapters.partitions.results import write_result
from adapters.partitions.rows import Rows
from adapters.partitions.sandbox import ScriptRejected, Text, run_script
from adapters.partitions.tools import Tools
from application.ports.job_tasks import Processed, ProcessTask
from application.ports.sandbox import PartCall
from domain.job_requests import DataFormat
from domain.outcome import ErrorKind, Measures
from domain.partitions import PartitionResult

_NOTHING: Final = Measures(wall_ms=0, cpu_ms=0, peak_memory_bytes=0)


async def process(tools: Tools, task: ProcessTask) -> Processed:
    """Run the script over the rows of a partition, if it has any, and store the result."""
    started = time.monotonic()
    rows = await read_rows(tools, task)
    read_ms = (time.monotonic() - started) * 1000
    if not rows.count:
        return Processed(_result(rows, read_ms))
    if len(rows.text) > tools.bounds.text_bytes:
        raise too_large(len(rows.text), tools.bounds)
    warnings = await warnings_of(tools, task, rows)
    try:
        result, run = await run_script(
            tools.run_task, task.script, Text(rows.text, rows.sha256), PartCall(task.number, task.count)
        )
    except ScriptRejected as rejected:
        await _blame_the_data(tools, task, rejected)
        raise
    stored = await write_result(tools.stores, tools.bodies, task.result, result)
    return Processed(
        evolve(
            _result(rows, read_ms),
            result_sha256=stored.sha256,
            result_bytes=stored.size_bytes,
            measures=run.provenance.measures,
            warnings=(*warnings, *run.provenance.warnings),
        )
    )


def _result(rows: Rows, read_ms: float) -> PartitionResult:
    return PartitionResult(
        range=rows.range,
        rows=rows.count,
        input_bytes=rows.size_bytes,
        input_sha256=rows.sha256,
        result_sha256=None,
        result_bytes=0,
        measures=_NOTHING,
        read_ms=read_ms,
        warnings=rows.warnings,
    )


async def _blame_the_data(tools: Tools, task: ProcessTask, rejected: ScriptRejected) -> None:
    """Raise the fault of a line, if that made the run fail: the sandbox parses lines first, and reports it as its own
    error, with a place in text that the client does not know."""
    is_lines = task.object.format in (DataFormat.NDJSON, DataFormat.JSON)
    if is_lines and rejected.error.kind is ErrorKind.SCRIPT_ERROR:
        fault = await diagnose(tools.stores, tools.bodies, await span_of(tools, task), task.range, tools.bounds)
        if fault is not None:
            raise fault from rejected
