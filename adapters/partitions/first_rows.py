"""The first rows of an input, as JSON texts, and the first lines of an object."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

from adapters.partitions.csv_rows import CsvPart, read_csv
from adapters.partitions.faults import TaskRefused
from adapters.partitions.json_values import array_text
from adapters.partitions.lines import array_of, where
from adapters.partitions.ranges import ByteRange, LineBlocks, opened, too_large
from adapters.partitions.results import item_lines
from adapters.partitions.streams import StreamSplitter
from adapters.partitions.tables import read_table
from adapters.partitions.tools import Tools
from application.ports.job_tasks import InputObject, StreamMalformed, StreamPart, TaskInput
from domain.job_requests import DataFormat, is_stream
from domain.limits import MIB
from domain.partitions import PartitionRange, RangeUnit
from domain.stores import ObjectPath, ObjectUrl

_PART_BYTES: Final = MIB


async def first_rows(tools: Tools, given: TaskInput, objects: Sequence[InputObject], count: int) -> list[bytes]:
    """Read up to so many rows from the beginning of the input. Raises `TaskRefused`."""
    rows: list[bytes] = []
    size = 0
    for one in objects:
        async for array in _arrays(tools, given, one, count - len(rows)):
            size += len(array)
            if size > tools.bounds.text_bytes:
                raise too_large(size, tools.bounds)
            rows += (await asyncio.to_thread(item_lines, tools.bodies, array))[: count - len(rows)]
            if len(rows) == count:
                return rows
    return rows


async def first_parts(tools: Tools, given: TaskInput, one: InputObject) -> AsyncIterator[StreamPart]:
    """Read an object of lines from its beginning, in parts of whole lines. Raises `TaskRefused`."""
    parts = _stream_parts if is_stream(one.format, one.compression, given.csv) else _range_parts
    async for part in parts(tools, given, one):
        yield part


async def _arrays(tools: Tools, given: TaskInput, one: InputObject, count: int) -> AsyncIterator[bytes]:
    """Read rows as texts of arrays."""
    if one.format in (DataFormat.PARQUET, DataFormat.ARROW):
        place = PartitionRange(0, RangeUnit.ROWS, 0, min(count, one.version.rows or 0))
        yield (await read_table(tools.stores, given, one, place, tools.bounds)).text
        return
    async for part in first_parts(tools, given, one):
        where_it_is = where(one.version.path, part.range)
        if one.format is DataFormat.CSV:
            csv = CsvPart(part.text, part.range.start == 0, where_it_is)
            frame = await asyncio.to_thread(read_csv, csv, given.csv, given.columns or (), given.selected)
            yield await asyncio.to_thread(array_text, frame, tools.bounds)
        else:
            yield await array_of(tools.bodies, part.text, where_it_is, part.range.start == 0)


async def _range_parts(tools: Tools, given: TaskInput, one: InputObject) -> AsyncIterator[StreamPart]:
    url = ObjectUrl(given.store, ObjectPath(one.version.path))
    for start in range(0, one.version.size_bytes, _PART_BYTES):
        end = min(start + _PART_BYTES, one.version.size_bytes)
        lines = LineBlocks(tools.stores, ByteRange(url, one.version, start, end), tools.bounds)
        text = b"".join([block async for block in lines.blocks()])
        if text:
            yield StreamPart(PartitionRange(0, RangeUnit.BYTES, lines.start, lines.end), text)


async def _stream_parts(tools: Tools, given: TaskInput, one: InputObject) -> AsyncIterator[StreamPart]:
    url = ObjectUrl(given.store, ObjectPath(one.version.path))
    pieces = opened(await tools.stores.read(url, etag=one.version.etag), one.version.path)
    split = StreamSplitter(tools.bounds)
    try:
        async for part in split(pieces, 0, one, given.csv, _PART_BYTES):
            yield part
    except StreamMalformed as malformed:
        raise TaskRefused(malformed.error) from None
