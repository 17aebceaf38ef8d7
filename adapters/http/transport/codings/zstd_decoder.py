"""Undoes the content coding `zstd`: frames (RFC 8878) one after another, and nothing else between or behind them.

The library decompresses all that it is given at once, and a few bytes can stand for gigabytes. A block, though, holds
no more than 128 KiB. So the frames are taken apart here, as far as where each block begins and ends, and the library
gets one block at a time.
"""

from collections.abc import Generator, Iterator
from typing import Final, TypeAlias

import zstandard

from adapters.http.transport.codings.decoders import PIECE_BYTES, MalformedEncoding
from domain.limits import MIB

MAX_WINDOW_BYTES: Final = 8 * MIB
"""The most that a decoder may have to remember, by the registration of the coding (RFC 9659)."""

_FRAME, _SKIPPABLE_FRAME = 0xFD2FB528, 0x184D2A50
_MAGIC_BYTES, _BLOCK_HEADER_BYTES, _CHECKSUM_BYTES, _SIZE_BYTES = 4, 3, 4, 4
_RLE, _COMPRESSED, _RESERVED = 1, 2, 3

_Pieces: TypeAlias = Generator[bytes | None, None, None]
"""The content of a frame; None where more of the body is needed to go on."""


class _Fault(Exception):
    """The present element is invalid; the argument is the reason."""


class ZstdDecoder:
    """The decoder."""

    def __init__(self) -> None:
        self.window_bytes = 0
        self._library = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
        self._held, self._used, self._before_held = b"", 0, 0
        self._element_at, self._whole = 0, False
        self._pieces = self._frames()

    def decode(self, data: bytes) -> Iterator[bytes | MalformedEncoding]:
        """Decode further bytes into pieces. A fault's place is the start of the element that has it."""
        self._before_held += self._used
        self._held, self._used = self._held[self._used :] + data, 0
        try:
            while (piece := next(self._pieces, None)) is not None:
                yield piece
        except (_Fault, zstandard.ZstdError) as error:
            yield MalformedEncoding(str(error).rpartition(": ")[2], self._element_at)

    def end(self) -> MalformedEncoding | None:
        """Require that the last frame is complete."""
        if self._whole and self._used == len(self._held):
            return None
        return MalformedEncoding("it ends too early", self._before_held + len(self._held))

    def _frames(self) -> _Pieces:
        while True:
            magic = yield from self._element(_MAGIC_BYTES)
            self._whole = False
            kind = int.from_bytes(magic, "little")
            if kind == _FRAME:
                yield from self._frame(magic)
            elif kind & ~0xF == _SKIPPABLE_FRAME:
                yield from self._skip(int.from_bytes((yield from self._take(_SIZE_BYTES)), "little"))
            else:
                raise _Fault("no frame begins here")
            self._whole = True

    def _frame(self, magic: bytes) -> _Pieces:
        start = magic + (yield from self._take(1))
        header = start + (yield from self._take(zstandard.frame_header_size(start) - len(start)))
        about = zstandard.get_frame_parameters(header)
        if about.window_size > MAX_WINDOW_BYTES:
            raise _Fault(f"the frame's window of {about.window_size} bytes is more than {MAX_WINDOW_BYTES}")
        self.window_bytes = about.window_size
        frame = self._library.decompressobj()
        frame.decompress(header)
        yield from self._blocks(frame)
        if about.has_checksum:
            frame.decompress((yield from self._element(_CHECKSUM_BYTES)))

    def _blocks(self, frame: "zstandard.ZstdDecompressionObj") -> _Pieces:
        frame_at, last = self._element_at, False
        while not last:
            self._element_at = self._before_held + self._used
            end, last = _run(self._held, self._used)
            if end == self._used:
                yield None
                continue
            run, self._used = self._held[self._used : end], end
            if not _is_compressed(run):  # then there is nothing wrong with a block by itself
                self._element_at = frame_at
            if piece := frame.decompress(run):
                yield piece

    def _element(self, count: int) -> Generator[None, None, bytes]:
        self._element_at = self._before_held + self._used
        return (yield from self._take(count))

    def _take(self, count: int) -> Generator[None, None, bytes]:
        while len(self._held) - self._used < count:
            yield None
        self._used += count
        return self._held[self._used - count : self._used]

    def _skip(self, count: int) -> Generator[None, None, None]:
        while count > (there := len(self._held) - self._used):
            count -= there
            self._used += there
            yield None
        self._used += count


def _run(held: bytes, start: int) -> tuple[int, bool]:
    """Measure the complete blocks that hold no more than a piece together: their end, and whether they end the frame.

    A block announces its size unless it is compressed. Those count as full, so each of them is a run of its own.
    """
    end, room, last = start, PIECE_BYTES, False
    while not last and len(held) - end >= _BLOCK_HEADER_BYTES:
        bits = held[end] | held[end + 1] << 8 | held[end + 2] << 16
        kind, size = bits >> 1 & 3, bits >> 3
        if kind == _RESERVED or size > PIECE_BYTES:
            if end > start:
                break
            raise _Fault("no block begins here")
        room -= PIECE_BYTES if kind == _COMPRESSED else size
        block_end = end + _BLOCK_HEADER_BYTES + (1 if kind == _RLE else size)
        if block_end > len(held) or (room < 0 and end > start):
            break
        end, last = block_end, bool(bits & 1)
    return end, last


def _is_compressed(block: bytes) -> bool:
    return block[0] >> 1 & 3 == _COMPRESSED
