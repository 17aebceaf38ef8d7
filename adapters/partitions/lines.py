"""Rows of NDJSON, and the diagnosis of lines that are no values."""

import codecs

from attrs import evolve
from returns.pipeline import is_successful

from adapters.partitions.bounds import Bounds
from adapters.partitions.faults import TaskRefused, refused
from adapters.partitions.ndjson import join, row_count
from adapters.partitions.ranges import ByteRange, LineBlocks, too_large
from adapters.partitions.rows import Rows
from application.ports.bodies import Bodies
from application.ports.stores import ObjectStores
from domain.partitions import InputFault, PartitionRange, RangeUnit


async def read_lines(
    stores: ObjectStores, bodies: Bodies, span: ByteRange, place: PartitionRange, bounds: Bounds
) -> Rows:
    """Read the values of a range's lines. Raises `TaskRefused` if one is sure to be none; other faults show once the
    text is parsed."""
    lines = LineBlocks(stores, span, bounds)
    joined = await join(lines.blocks(), place.start == 0, bounds)
    if joined is not None:
        return _rows(joined.text, joined.rows, lines, place)
    lines = LineBlocks(stores, span, bounds)
    text = await _text(lines, bounds)
    array = await _array(bodies, text, span, place)
    return _rows(array, row_count(text.removeprefix(codecs.BOM_UTF8) if place.start == 0 else text), lines, place)


async def diagnose(
    stores: ObjectStores, bodies: Bodies, span: ByteRange, place: PartitionRange, bounds: Bounds
) -> TaskRefused | None:
    """Find the first line of a range that is no value; None if all are values."""
    text = await _text(LineBlocks(stores, span, bounds), bounds)
    try:
        await _array(bodies, text, span, place)
    except TaskRefused as fault:
        return fault
    return None


def where(path: str, place: PartitionRange) -> str:
    """Write where the lines of a partition are counted: in the object, or from an offset."""
    if place.start == 0:
        return f"in {path}"
    text = " of its text" if place.unit is RangeUnit.TEXT else ""
    return f"counted in {path} from byte {place.start}{text} on"


async def _text(lines: LineBlocks, bounds: Bounds) -> bytes:
    blocks, size = [], 0
    async for block in lines.blocks():
        blocks.append(block)
        size += len(block)
        if size > bounds.text_bytes:
            raise too_large(size, bounds)
    return b"".join(blocks)


async def _array(bodies: Bodies, text: bytes, span: ByteRange, place: PartitionRange) -> bytes:
    lines = text.removeprefix(codecs.BOM_UTF8) if place.start == 0 else text
    array = await bodies.from_lines(lines or b"\n")
    if is_successful(array):
        return array.unwrap()
    fault = array.failure()
    at = "" if fault.column is None else f" at column {fault.column}"
    place_of_line = where(span.version.path, place)
    message = f"line {fault.line}{at} is not one JSON value: {fault.reason} ({place_of_line})"
    raise refused(InputFault.INPUT_MALFORMED, message, fault.line)


def _rows(text: bytes, count: int, lines: LineBlocks, place: PartitionRange) -> Rows:
    return Rows(
        text=text,
        count=count,
        range=place if place.unit is RangeUnit.TEXT else evolve(place, start=lines.start, end=lines.end),
        size_bytes=lines.size_bytes,
        sha256=lines.sha256,
    )
