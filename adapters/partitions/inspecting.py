"""A look into the objects of an input, before it is cut: rows of tables, and columns of CSV."""

import asyncio
from typing import Final

from attrs import evolve

from adapters.partitions.csv_rows import CsvPart, find_columns
from adapters.partitions.faults import refused
from adapters.partitions.first_rows import first_parts
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
    columns: tuple[Column, ...] | None = None
    for one in task.objects:
        if one.format is DataFormat.CSV:
            found, rows = await _columns(tools, task.input, one)
            columns = columns or found
            if rows:
                columns = found
                break
    if columns is not None:
        _check_names(task.input, columns)
    return Inspected(tuple(versions), columns)


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


async def _columns(tools: Tools, given: TaskInput, one: InputObject) -> tuple[tuple[Column, ...], int]:
    async for part in first_parts(tools, given, one):
        start = CsvPart(part.text, part.range.start == 0, where(one.version.path, part.range))
        return await asyncio.to_thread(find_columns, start, given.csv)
    return (), 0


def _check_names(given: TaskInput, columns: tuple[Column, ...]) -> None:
    names = {one.name for one in columns}
    absent = next((name for name in (*(given.selected or ()), *given.csv.types) if name not in names), None)
    if absent is not None:
        raise refused(
            InputFault.INPUT_MALFORMED,
            f"no column of the CSV input is called {absent!r}; its first columns are: {', '.join(sorted(names)[:20])}",
            column=absent,
        )
