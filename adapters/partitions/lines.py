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
    text = await text_of(lines, bounds)
    array = await array_of(bodies, text, where(span.version.path, place), place.start == 0)
    return _rows(array, row_count(text.removeprefix(codecs.BOM_UTF8) if place.start == 0 else text), lines, place)


async def diagnose(
    stores: ObjectStores, bodies: Bodies, span: ByteRange, place: PartitionRange, bounds: Bounds
) -> TaskRefused | None:
    """Find the first line of a range that is no value; None if all are values."""
    text = await text_of(LineBlocks(stores, span, bounds), bounds)
    try:
        await array_of(bodies, text, where(span.version.path, place), place.start == 0)
    except TaskRefused as fault:
        return fault
    return None


def where(path: str, place: PartitionRange) -> str:
    """Write where the lines of a partition are counted: in the object, or from an offset."""
    if place.start == 0:
        return f"in {path}"
    text = " of its text" if place.unit is RangeUnit.TEXT else ""
    return f"counted in {path} from byte {place.start}{text} on"


async def text_of(lines: LineBlocks, bounds: Bounds) -> bytes:
    """Read all lines. Raises `TaskRefused` if they are too many bytes."""
    blocks, size = [], 0
    async for block in lines.blocks():
        blocks.append(block)
        size += len(block)
        if size > bounds.text_bytes:
            raise too_large(size, bounds)
    return b"".join(blocks)


async def array_of(bodies: Bodies, text: bytes, where_it_is: str, is_start: bool) -> bytes:
    """Join lines to an array, slowly, with a diagnosis. Raises `TaskRefused` with the first line that is no value."""
    lines = text.removeprefix(codecs.BOM_UTF8) if is_start else text
    array = await bodies.from_lines(lines or b"\n")
    if is_successful(array):
        return array.unwrap()
    fault = array.failure()
    at = "" if fault.column is None else f" at column {fault.column}"
    message = f"line {fault.line}{at} is not one JSON value: {fault.reason} ({where_it_is})"
    raise refused(InputFault.INPUT_MALFORMED, message, fault.line)


def _rows(text: bytes, count: int, lines: LineBlocks, place: PartitionRange) -> Rows:
    return Rows(
        text=text,
        count=count,
        range=place if place.unit is RangeUnit.TEXT else evolve(place, start=lines.start, end=lines.end),
        size_bytes=lines.size_bytes,
        sha256=lines.sha256,
    )
