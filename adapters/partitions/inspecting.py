"""A look into the objects of an input, before it is cut: rows of tables, and columns of CSV."""

import asyncio
from collections.abc import Sequence
from typing import Final

from attrs import evolve

from adapters.partitions.csv_rows import CsvPart, find_columns, read_csv
from adapters.partitions.faults import TaskRefused, refused
from adapters.partitions.first_rows import first_parts
from adapters.partitions.json_values import array_text
from adapters.partitions.lines import where
from adapters.partitions.tables import count_rows, read_table
from adapters.partitions.tools import Tools
from application.ports.job_tasks import InputObject, Inspected, InspectTask, TaskInput
from domain.job_requests import DataFormat
from domain.jobs import Column
from domain.partitions import InputFault, ObjectVersion, PartitionRange, RangeUnit

_SAMPLE_ROWS: Final = 1_000
"""The rows by whose text that of a table is estimated: its object is compressed, by an unknown factor."""
_TABLES: Final = (DataFormat.PARQUET, DataFormat.ARROW)


async def inspect(tools: Tools, task: InspectTask) -> Inspected:
    """Count the rows of the tables, and find the columns in the first object of CSV that has rows."""
    versions = [await _version(tools, task.input, one) for one in task.objects]
    csv = [one for one in task.objects if one.format is DataFormat.CSV]
    if not csv:
        return Inspected(tuple(versions), None)
    columns, expansion = await _csv(tools, task.input, csv)
    pairs = zip(versions, task.objects, strict=True)
    return Inspected(tuple(_expanded(version, one, expansion) for version, one in pairs), columns)


async def _csv(
    tools: Tools, given: TaskInput, objects: Sequence[InputObject]
) -> tuple[tuple[Column, ...], float | None]:
    """Find the columns, and the bytes of JSON that one of CSV becomes, if that can be told."""
    columns: tuple[Column, ...] = ()
    for one in objects:
        if (start := await _start(tools, given, one)) is None:
            continue
        found, rows = await asyncio.to_thread(find_columns, start, given.csv)
        columns = columns or found
        if rows:
            _check_names(given, found)
            return found, await asyncio.to_thread(_expansion, tools, given, start, found)
    _check_names(given, columns)
    return columns, None


async def _version(tools: Tools, given: TaskInput, one: InputObject) -> ObjectVersion:
    if one.format not in _TABLES:
        return one.version
    rows = await count_rows(tools.stores, given, one)
    sample = min(rows, _SAMPLE_ROWS)
    if not sample:
        return evolve(one.version, rows=rows)
    place = PartitionRange(0, RangeUnit.ROWS, 0, sample)
    first = await read_table(tools.stores, given, one, place, tools.bounds)
    return evolve(one.version, rows=rows, text_bytes=len(first.text) * rows // sample)


async def _start(tools: Tools, given: TaskInput, one: InputObject) -> CsvPart | None:
    async for part in first_parts(tools, given, one):
        return CsvPart(part.text, part.range.start == 0, where(one.version.path, part.range))
    return None


def _expansion(tools: Tools, given: TaskInput, start: CsvPart, columns: tuple[Column, ...]) -> float | None:
    """Return the factor; None if a row is malformed, which its partition reports."""
    try:
        frame = read_csv(start, given.csv, columns, given.selected)
    except TaskRefused:
        return None
    return len(array_text(frame, tools.bounds)) / len(start.data)


def _expanded(version: ObjectVersion, one: InputObject, expansion: float | None) -> ObjectVersion:
    if expansion is None or one.format is not DataFormat.CSV:
        return version
    return evolve(version, text_bytes=int(version.size_bytes * expansion))


def _check_names(given: TaskInput, columns: tuple[Column, ...]) -> None:
    names = {one.name for one in columns}
    absent = next((name for name in (*(given.selected or ()), *given.csv.types) if name not in names), None)
    if absent is not None:
        raise refused(
            InputFault.INPUT_MALFORMED,
            f"no column of the CSV input is called {absent!r}; its first columns are: {', '.join(sorted(names)[:20])}",
            column=absent,
        )
