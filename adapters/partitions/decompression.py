"""Decompression of objects piece by piece: however much a piece expands, no more than a step of it is held."""

import asyncio
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Final

from adapters.partitions.faults import TaskRefused, refused
from domain.job_requests import Compression
from domain.limits import MIB
from domain.partitions import InputFault

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_OUTPUT_BYTES: Final = MIB
_INPUT_BYTES: Final = 128 * 1024
_GZIP: Final = 31
"""The window size of zlib by which it expects the header of gzip, and checks length and checksum at the end."""


class _Decoder:
    """A sequence of frames, each of which is read by a decompressor of its own."""

    def __init__(self, compression: Compression) -> None:
        self._compression = compression
        self._open: Callable[[], _Gzip | _Zstd] = _Gzip if compression is Compression.GZIP else _Zstd
        self._frame: _Gzip | _Zstd | None = None
        self._data = b""
        self._has_frames = False

    def feed(self, data: bytes) -> None:
        """Take input, once all output of earlier input was read."""
        self._data += data

    def read(self) -> bytes:
        """Return some output; none if it takes more input. Raises `TaskRefused`."""
        while self._data or (self._frame is not None and self._frame.has_more):
            if self._frame is None:
                self._frame, self._has_frames = self._open(), True
            try:
                out = self._frame.read(self._data)
            except (zlib.error, zstd.ZstdError):
                raise self._damaged("it is not of this format, or was damaged") from None
            self._data = self._frame.rest
            if self._frame.is_over:
                self._frame = None
            if out:
                return out
        return b""

    def finish(self) -> None:
        """Check that nothing is missing. Raises `TaskRefused`."""
        if self._frame is not None or not self._has_frames:
            raise self._damaged("it ends too early: it was not written or copied to its end")

    def _damaged(self, reason: str) -> TaskRefused:
        return refused(
            InputFault.INPUT_MALFORMED, f"an object cannot be decompressed as {self._compression.value}: {reason}"
        )


class _Gzip:
    """A member of gzip."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=_GZIP)
        self.has_more = False
        self.rest = b""

    @property
    def is_over(self) -> bool:
        """Tell whether the member has ended."""
        return self._member.eof

    def read(self, data: bytes) -> bytes:
        """Return some output, and keep the rest of the data."""
        out = self._member.decompress(data, _OUTPUT_BYTES)
        self.has_more = len(out) == _OUTPUT_BYTES and not self._member.eof
        self.rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return out


class _Zstd:
    """A frame of zstd."""

    def __init__(self) -> None:
        self._frame = zstd.ZstdDecompressor()
        self.rest = b""

    @property
    def is_over(self) -> bool:
        """Tell whether the frame has ended."""
        return self._frame.eof

    @property
    def has_more(self) -> bool:
        """Tell whether there is output without more input."""
        return not self._frame.eof and not self._frame.needs_input

    def read(self, data: bytes) -> bytes:
        """Return some output; the frame itself keeps the rest of the data until it is over."""
        out = self._frame.decompress(data, _OUTPUT_BYTES)
        self.rest = self._frame.unused_data if self._frame.eof else b""
        return out


async def decompressed(pieces: AsyncIterator[bytes], compression: Compression) -> AsyncIterator[bytes]:
    """Decompress an object. Raises `TaskRefused` if it is damaged or ends too early."""
    if compression is Compression.NONE:
        async for piece in pieces:
            yield piece
        return
    decoder = _Decoder(compression)
    async for piece in pieces:
        for start in range(0, len(piece), _INPUT_BYTES):
            decoder.feed(piece[start : start + _INPUT_BYTES])
            while out := await asyncio.to_thread(decoder.read):
                yield out
    decoder.finish()
