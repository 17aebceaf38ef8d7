"""A stored body's text, piece by piece: what a reader of a large one holds in memory is the stored form and a piece."""

from collections.abc import Iterator
from typing import Final

import zstandard

from domain.body import Body, Encoding

PIECE_BYTES: Final = 64 * 1024
"""Most of what CPython does to bytes holds the interpreter: of this length, no longer than anybody would notice."""


def pieces(body: Body) -> Iterator[bytes]:
    """The text. ValueError, at the latest behind its last piece, if the stored bytes are not what the digest says."""
    left = body.digest.size_bytes
    for piece in _decoded(body):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left != 0:
        raise ValueError(f"a body of {body.digest.size_bytes} bytes was stored as one of another length")


def _decoded(body: Body) -> Iterator[bytes]:
    match body.encoding:
        case Encoding.IDENTITY:
            starts = range(0, len(body.data), PIECE_BYTES)
            return (body.data[start : start + PIECE_BYTES] for start in starts)
        case Encoding.ZSTD:
            return _decompressed(body.data)


def _decompressed(data: bytes) -> Iterator[bytes]:
    try:
        yield from zstandard.ZstdDecompressor().read_to_iter(data, write_size=PIECE_BYTES)
    except zstandard.ZstdError as error:
        raise ValueError(f"a stored body does not decompress: {error}") from error
