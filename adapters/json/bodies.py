"""Conversion of JSON text to its stored form and back: validation, hashing, compression; and number checks. Long texts
are processed off the event loop.

Absent on purpose: Python objects. Text is checked by skipping through it, so a number keeps its digits, an object its
duplicate keys, and a large dataset costs no more memory than its bytes.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from io import BytesIO
from typing import Final, TypeVar

from returns.result import Failure, Result, Success

from adapters.json import WHITE_SPACE
from adapters.json.diagnosis import diagnose
from adapters.json.from_lines import array_of
from adapters.json.numbers import number_warnings
from adapters.json.pieces import decompressed, pieces
from adapters.json.syntax import fault_of
from adapters.json.to_lines import lines
from adapters.json.values import count_values
from application.ports.bodies import EncodedDataset, MalformedJson
from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Body, Encoding, digest
from domain.limits import MIB
from domain.warnings import NumberWarning

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_T = TypeVar("_T")
_R = TypeVar("_R")

_INLINE_BYTES: Final = 16 * 1024
"""Up to here the work is shorter than the way to a thread and back."""
_INLINE_BRACKETS: Final = 256
"""msgspec nests as deep as Python's stack has room: what may be deep is checked on a thread, whose stack is short."""
_SHARED_BYTES: Final = MIB
"""From here on two threads encode a text."""
_COMPRESSIBLE_BYTES: Final = 512
_WORTHWHILE: Final = 0.9
_LEVEL: Final = 1
_FOR_SHORT_TEXTS: Final = zstd.ZstdCompressor(_LEVEL)
"""Threads take turns with it, by its own lock."""


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
        return await _off_the_loop(lambda one: check(one).map(lambda found: (found, _stored(one))), text, size)
    checked, body = await asyncio.gather(asyncio.to_thread(check, text), asyncio.to_thread(_stored, text))
    return checked.map(lambda found: (found, body))


def _valid(text: bytes | memoryview) -> Result[None, MalformedJson]:
    fault = fault_of(text)
    return Success(None) if fault is None else Failure(diagnose(text, fault))


def _number_warnings(text: bytes | memoryview) -> Result[tuple[NumberWarning, ...], MalformedJson]:
    return _valid(text).map(lambda _: number_warnings(bytes(text)))


def _dataset(text: bytes, warnings: tuple[NumberWarning, ...], body: Body) -> EncodedDataset:
    return EncodedDataset(Body(body.digest, body.encoding, body.data, text), warnings)


def _stored(text: bytes | memoryview) -> Body:
    if len(text) >= _COMPRESSIBLE_BYTES:
        packed = _compressed(text)
        if len(packed) < len(text) * _WORTHWHILE:
            return Body(digest=digest(text), encoding=Encoding.ZSTD, data=packed)
    return Body(digest=digest(text), encoding=Encoding.IDENTITY, data=bytes(text))


def _compressed(text: bytes | memoryview) -> bytes:
    """Compress to one frame. To set up a compressor takes longer than to compress a short text, so those share one."""
    if len(text) >= _INLINE_BYTES:
        return zstd.compress(text, _LEVEL)
    return _FOR_SHORT_TEXTS.compress(text, zstd.ZstdCompressor.FLUSH_FRAME)


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
