"""Bodies in a temporary file: written once, compressed on the way if they are large, and read as often as needed.

So neither a dataset of any size nor its retries take more memory than a piece of it. The file has no name; it is gone
with the process, however that ends.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

COMPRESSED_FROM_BYTES = 64 * 1024
PIECE_BYTES = 256 * 1024
_MEMORY_BYTES = 1024 * 1024


class Compressor(Protocol):
    """An incremental compressor of the standard library's kind."""

    def compress(self, data: bytes, /) -> bytes:
        """Compress a piece."""
        ...

    def flush(self) -> bytes:
        """Return what is left."""
        ...


def best_coding() -> tuple[str, Callable[[], Compressor]]:
    """Choose zstd if this Python has it, and gzip otherwise; the name is that of `Content-Encoding`."""
    for module in ("compression.zstd", "backports.zstd"):
        try:
            zstd = __import__(module, fromlist=["ZstdCompressor"])
        except ImportError:
            continue
        return "zstd", zstd.ZstdCompressor
    return "gzip", lambda: zlib.compressobj(6, zlib.DEFLATED, 31)


class TemporaryBytes(tempfile.SpooledTemporaryFile[bytes]):
    """Bytes in memory, or in a file if there are many, which go with this object: nobody has to close it."""

    def __init__(self, memory_bytes: int = _MEMORY_BYTES) -> None:
        super().__init__(memory_bytes)

    def __del__(self) -> None:
        self.close()


@dataclass(frozen=True)
class SpooledBody:
    """A body in a temporary file, or in memory if it is short."""

    file: TemporaryBytes = field(repr=False)
    length: int
    coding: str | None

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, from the beginning."""
        self.file.seek(0)
        while piece := self.file.read(PIECE_BYTES):
            yield piece


@dataclass(frozen=True)
class FileBody:
    """A file that is sent as it is."""

    path: Path
    length: int
    coding: str | None

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, from the beginning."""
        with self.path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece


def spooled(pieces: Iterable[bytes]) -> SpooledBody:
    """Write a body; compress it if it has more than 64 KiB."""
    coding: str | None = None
    compressor: Compressor | None = None
    file = TemporaryBytes()
    head = bytearray()
    for piece in pieces:
        if compressor is not None:
            file.write(compressor.compress(piece))
            continue
        head += piece
        if len(head) > COMPRESSED_FROM_BYTES:
            coding, make = best_coding()
            compressor = make()
            file.write(compressor.compress(bytes(head)))
            head.clear()
    file.write(bytes(head) if compressor is None else compressor.flush())
    return SpooledBody(file, file.tell(), coding)


def pieces_of(path: Path) -> Iterator[bytes]:
    """Read a file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def sha256_of(pieces: Iterable[bytes]) -> str:
    """Compute the SHA-256 of pieces, such as those of a file."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
