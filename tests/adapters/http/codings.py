"""Encoded bodies for tests: any text under any coding, in the forms that encoders may give it."""

import gzip
import struct
import zlib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from attrs import frozen
from hypothesis import strategies as st

from tests.support.zstd import zstd

SKIPPABLE: Final = (0x184D2A53).to_bytes(4, "little") + (3).to_bytes(4, "little") + b"abc"


def gzipped(data: bytes, level: int = 6) -> bytes:
    """Compress to one gzip member."""
    return gzip.compress(data, level, mtime=0)


def zstd_streamed(data: bytes, level: int = 3, checksum: bool = False, window_log: int = 0) -> bytes:
    """Compress to one frame whose header does not tell its size, flushed in the middle."""
    one = zstd.CompressionParameter
    options: dict[int, int] = {one.compression_level: level, one.checksum_flag: int(checksum), one.content_size_flag: 0}
    frame = zstd.ZstdCompressor(options=options | ({one.window_log: window_log} if window_log else {}))
    half = len(data) // 2
    first = frame.compress(data[:half]) + frame.flush(frame.FLUSH_BLOCK)
    return first + frame.compress(data[half:]) + frame.flush()


def zstd_whole(data: bytes, level: int = 3) -> bytes:
    """Compress to one frame whose header tells its size."""
    return zstd.compress(data, level)


@frozen
class Encoded:
    """A body as it is sent: its coding, its bytes, and how many members or frames they are."""

    coding: str
    data: bytes
    parts: int = 1


def _cut(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@st.composite
def encoded(draw: st.DrawFn, data: bytes, max_parts: int = 3) -> Encoded:
    """Encode the data with gzip or zstd."""
    parts = _cut(data, draw(st.lists(st.integers(0, len(data)), max_size=max_parts - 1)))
    if draw(st.booleans()):
        name = draw(st.sampled_from(["gzip", "GZip", "x-gzip"]))
        return Encoded(name, b"".join(gzipped(part, draw(st.integers(0, 9))) for part in parts), len(parts))
    frames = [
        zstd_whole(part, draw(st.integers(1, 6)))
        if draw(st.booleans())
        else zstd_streamed(part, draw(st.integers(1, 6)), draw(st.booleans()))
        for part in parts
    ]
    return Encoded(draw(st.sampled_from(["zstd", "ZSTD"])), b"".join(frames), len(frames))


def pieces_of(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """Cut the data at some places (which may be beyond its end)."""
    return _cut(data, [min(cut, len(data)) for cut in cuts])


@cache
def deflate_bomb(megabytes: int) -> bytes:
    """Compress so many MiB of zeros to about a thousandth, as one gzip member that repeats a compressed MiB."""
    block = bytes(1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(megabytes):
        checksum = zlib.crc32(block, checksum)
    header = gzip.compress(b"", mtime=0)[:10]
    return header + packed * megabytes + b"\x03\0" + struct.pack("<II", checksum, megabytes << 20)


def zstd_bomb(blocks: int) -> bytes:
    """Build a frame of blocks that stand for 128 KiB of zeros each and take four bytes."""
    header = zstd_streamed(b"x", window_log=20)[:6]
    block = ((128 * 1024) << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    return header + block * blocks
