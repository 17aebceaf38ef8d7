"""Conversion of JSON text to its stored form and back: validation, hashing, compression; and number checks. Long texts
are processed off the event loop.

Absent on purpose: Python objects. Text is checked by skipping through it, so a number keeps its digits, an object its
duplicate keys, and a large dataset costs no more memory than its bytes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from io import BytesIO
from typing import Final, TypeVar

from returns.result import Failure, Result, Success

from adapters.json import WHITE_SPACE
from adapters.json.batch_lines import batch_lines
from adapters.json.diagnosis import diagnose
from adapters.json.from_lines import array_of
from adapters.json.numbers import number_warnings
from adapters.json.pieces import decompressed, pieces
from adapters.json.stored_form import stored_form
from adapters.json.syntax import fault_of
from adapters.json.to_lines import lines
from adapters.json.values import count_values
from application.ports.bodies import BatchEntry, EncodedDataset, LinesRefused, MalformedJson
from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Body, Digest, Encoding, digest
from domain.limits import MIB
from domain.warnings import NumberWarning

_T = TypeVar("_T")
_R = TypeVar("_R")

_INLINE_BYTES: Final = 16 * 1024
"""Up to here the work is shorter than the way to a thread and back."""
_INLINE_BRACKETS: Final = 256
"""msgspec nests as deep as Python's stack has room: what may be deep is checked on a thread, whose stack is short."""
_SHARED_BYTES: Final = MIB
"""From here on two threads encode a text."""
_INLINE_LINES: Final = 64
"""The same for lines of a batch, each of which takes some microseconds however short it is."""


class JsonBodies:
    """Port `Bodies`, with zstd as the stored form where that is shorter."""

    async def check(self, text: bytes) -> Result[None, MalformedJson]:
        """Check that text is JSON, as `encode` does."""
        return await _off_the_loop(_valid, text, len(text) if _is_shallow(text) else _INLINE_BYTES)

    async def encode(self, text: bytes | memoryview) -> Result[Body, MalformedJson]:
        """Encode text, if it is JSON in UTF-8 (RFC 8259), in its stored form.

        It may nest as deep as Python lets msgspec recurse, which is more than 900 levels.
        """
        return (await _encoded(text, _valid)).map(lambda encoded: encoded[1])

    async def encode_dataset(self, text: bytes) -> Result[EncodedDataset, MalformedJson]:
        """Encode text as above, and warn of numbers that lose precision in JavaScript."""
        return (await _encoded(text, _number_warnings)).map(lambda encoded: _dataset(text, *encoded))

    async def from_lines(self, text: bytes) -> Result[bytes, MalformedJson]:
        """Join the values of NDJSON text, one a line, to a JSON array."""
        return await _off_the_loop(array_of, text, len(text) if _is_shallow(text) else _INLINE_BYTES)

    async def batch_lines(self, text: bytes, most: int) -> Result[Sequence[BatchEntry], LinesRefused]:
        """Read the lines of a batch, each an object with a dataset."""
        is_short = _is_shallow(text) and text.count(b"\n", 0, _INLINE_BYTES) < _INLINE_LINES
        return await _off_the_loop(lambda one: batch_lines(one, most), text, len(text) if is_short else _INLINE_BYTES)

    async def digest(self, text: bytes) -> Digest:
        """Identify text, be it JSON or not."""
        return await _off_the_loop(digest, text, len(text))

    async def decode(self, body: Body) -> bytes:
        """Decode to the text, or return it if it is at hand. Raises ValueError if the stored bytes do not match the
        digest."""
        return body.text if body.text is not None else await _off_the_loop(_open, body, body.digest.size_bytes)

    async def count_values(self, text: bytes, most: int) -> int:
        """Count the values in text that may be JSON; counting stops beyond `most`."""
        return await _off_the_loop(lambda one: count_values(one, most), text, len(text))

    def pieces(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        """Decode to the text, piece by piece. Raises ValueError as above, at the latest behind the last piece."""
        return pieces(body, parts)

    def lines(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        """Convert an array's text to lines, one an item."""
        return lines(pieces(body, parts))

    async def is_array(self, pieces: AsyncIterator[bytes]) -> bool:
        """Tell whether text that comes in pieces is an array."""
        async for piece in pieces:
            if begun := piece.lstrip(WHITE_SPACE):
                return begun.startswith(b"[")
        return False


async def _off_the_loop(work: Callable[[_T], _R], value: _T, size_bytes: int) -> _R:
    return work(value) if size_bytes < _INLINE_BYTES else await asyncio.to_thread(work, value)


def _is_shallow(text: bytes | memoryview) -> bool:
    begun = bytes(text[:_INLINE_BYTES])
    return begun.count(b"[") + begun.count(b"{") < _INLINE_BRACKETS


async def _encoded(
    text: bytes | memoryview, check: Callable[[bytes | memoryview], Result[_R, MalformedJson]]
) -> Result[tuple[_R, Body], MalformedJson]:
    """Check and encode text; long text on two threads, since hashing and compressing do not hold the interpreter."""
    if len(text) < _SHARED_BYTES:
        size = len(text) if _is_shallow(text) else _INLINE_BYTES
        return await _off_the_loop(lambda one: check(one).map(lambda found: (found, stored_form(one))), text, size)
    checked, body = await asyncio.gather(asyncio.to_thread(check, text), asyncio.to_thread(stored_form, text))
    return checked.map(lambda found: (found, body))


def _valid(text: bytes | memoryview) -> Result[None, MalformedJson]:
    fault = fault_of(text)
    return Success(None) if fault is None else Failure(diagnose(text, fault))


def _number_warnings(text: bytes | memoryview) -> Result[tuple[NumberWarning, ...], MalformedJson]:
    return _valid(text).map(lambda _: number_warnings(bytes(text)))


def _dataset(text: bytes, warnings: tuple[NumberWarning, ...], body: Body) -> EncodedDataset:
    return EncodedDataset(Body(body.digest, body.encoding, body.data, text), warnings)


def _open(body: Body) -> bytes:
    match body.encoding:
        case Encoding.IDENTITY:
            text = body.data
        case Encoding.ZSTD:
            text = _decompress(body.data, body.digest.size_bytes)
    if len(text) != body.digest.size_bytes:
        raise ValueError(f"a body of {body.digest.size_bytes} bytes was stored as {len(text)}")
    return text


def _decompress(data: bytes, size_bytes: int) -> bytes:
    # Each piece is copied once while it is in the processor's cache; a join of all would hold the interpreter for long.
    text = BytesIO()
    for piece in decompressed(BytesIO(data).read):
        text.write(piece)
        if text.tell() > size_bytes:
            break
    return text.getvalue()
