"""Port `SplitStream`: the cut of a text that comes in pieces into parts of whole lines.

A part ends with the first line that makes it as long as was asked for, so the cut does not depend on the pieces.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from attrs import evolve

from adapters.partitions.array_items import ArrayItems
from adapters.partitions.bounds import BOUNDS, Bounds
from adapters.partitions.decompression import decompressed
from adapters.partitions.faults import TaskRefused, refused
from application.ports.job_tasks import InputObject, StreamMalformed, StreamPart
from domain.job_requests import CsvOptions, DataFormat
from domain.limits import MIB
from domain.partitions import InputFault, PartitionRange, RangeUnit

_STEP_BYTES: Final = MIB


class StreamSplitter:
    """Parts of streams, within bounds for a line."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._bounds = bounds

    async def __call__(
        self, pieces: AsyncIterator[bytes], object_number: int, stream: InputObject, csv: CsvOptions, part_bytes: int
    ) -> AsyncIterator[StreamPart]:
        """Cut an object. Raises `StreamMalformed`, whose message names it."""
        has_long_rows = stream.format is DataFormat.CSV and csv.has_newlines_in_fields
        cutter = _Cutter(part_bytes, self._bounds.line_bytes, has_long_rows)
        at = 0
        try:
            async for text in _texts(pieces, stream):
                cutter.feed(text)
                while part := await asyncio.to_thread(cutter.part):
                    yield StreamPart(PartitionRange(object_number, RangeUnit.TEXT, at, at + len(part)), part)
                    at += len(part)
        except TaskRefused as fault:
            message = f"{stream.version.path}: {fault.error.message}"
            raise StreamMalformed(evolve(fault.error, message=message)) from None
        if part := cutter.rest():
            yield StreamPart(PartitionRange(object_number, RangeUnit.TEXT, at, at + len(part)), part)


async def _texts(pieces: AsyncIterator[bytes], stream: InputObject) -> AsyncIterator[bytes]:
    texts = decompressed(pieces, stream.compression)
    if stream.format is not DataFormat.JSON:
        async for text in texts:
            yield text
        return
    items = ArrayItems()
    async for text in texts:
        for start in range(0, len(text), _STEP_BYTES):
            yield await asyncio.to_thread(items.feed, text[start : start + _STEP_BYTES])
    yield items.finish()


class _Cutter:
    """Text that is not yet a part. With long rows, a line break within quotes ends no row."""

    def __init__(self, part_bytes: int, line_bytes: int, has_long_rows: bool) -> None:
        self._part_bytes, self._most_bytes, self._has_long_rows = part_bytes, part_bytes + line_bytes, has_long_rows
        self._text = bytearray()
        self._searched, self._quotes = 0, 0

    def feed(self, text: bytes) -> None:
        """Take more text."""
        self._text += text

    def part(self) -> bytes:
        """Return the next part; none if it takes more text. Raises `TaskRefused` if a line is too long."""
        at = max(self._searched, self._part_bytes - 1)
        while (found := self._text.find(b"\n", at)) >= 0:
            at = found + 1
            if self._is_outside_quotes(at):
                return self._take(at)
        self._is_outside_quotes(len(self._text))
        if len(self._text) > self._most_bytes:
            raise refused(InputFault.INPUT_TOO_LARGE, _TOO_LONG)
        return b""

    def rest(self) -> bytes:
        """Return the text that is left."""
        return bytes(self._text)

    def _is_outside_quotes(self, end: int) -> bool:
        """Count the quotes up to there."""
        if self._has_long_rows:
            self._quotes += self._text.count(b'"', self._searched, end)
        self._searched = max(self._searched, end)
        return self._quotes % 2 == 0

    def _take(self, end: int) -> bytes:
        part = bytes(self._text[:end])
        del self._text[:end]
        self._searched = self._quotes = 0
        return part


_TOO_LONG: Final = (
    "a line is longer than one line may be, so that it is no row; check its format, and with newlines_in_fields that "
    "its quotes are closed"
)
