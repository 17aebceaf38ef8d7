"""Bytes in a content coding, piece by piece. Equal bytes have equal encodings, so their tag can be strong."""

import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import Final, Protocol, assert_never

from adapters.http.transport.codings.coding import Coding

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_GZIP_LEVEL: Final = 4
_ZSTD_LEVEL: Final = 1
PIECE_BYTES: Final = 64 * 1024
_GZIP_BITS: Final = 31  # the largest window, and gzip's header, in which zlib writes no time


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def encoded(pieces: Iterable[bytes], coding: Coding) -> Iterator[bytes]:
    """Encode pieces in that coding, lazily; empty ones are passed on."""
    match coding:
        case Coding.IDENTITY:
            return iter(pieces)
        case Coding.GZIP:
            return _compressed(pieces, zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_BITS))
        case Coding.ZSTD:
            return _compressed(pieces, zstd.ZstdCompressor(_ZSTD_LEVEL))
        case _:
            assert_never(coding)


def cut(data: bytes) -> Iterator[bytes]:
    """Cut bytes that need no work into pieces, so that the server holds no second copy of all of them."""
    return (data[start : start + PIECE_BYTES] for start in range(0, len(data), PIECE_BYTES))


def _compressed(pieces: Iterable[bytes], compressor: _Compressor) -> Iterator[bytes]:
    for piece in pieces:
        packed = compressor.compress(piece) if piece else b""
        if packed or not piece:
            yield packed
    yield compressor.flush()
