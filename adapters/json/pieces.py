"""A stored body's text, piece by piece: reading a large one takes the memory of a few parts and a piece.

An empty piece asks for another part of the stored form in the buffer before the text goes on.
"""

from collections.abc import Iterator
from typing import Any, Final

import zstandard

from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Encoding

PIECE_BYTES: Final = 64 * 1024
"""Most operations on bytes hold CPython's interpreter lock: for this length, no longer than is noticeable."""
_READ_BYTES: Final = 32 * 1024


def pieces(body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
    """Decode the text. Raises ValueError, at the latest behind its last piece, if the bytes do not match the digest."""
    left, decoded = body.digest.size_bytes, _decoded(body.encoding, parts)
    while True:
        while parts.wants_more:
            yield b""
        piece = next(decoded, None)
        if piece is None:
            break
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left != 0:
        raise ValueError(f"a body of {body.digest.size_bytes} bytes was stored as one of another length")


def _decoded(encoding: Encoding, parts: PartBuffer) -> Iterator[bytes]:
    match encoding:
        case Encoding.IDENTITY:
            return iter(lambda: parts.read(PIECE_BYTES), b"")
        case Encoding.ZSTD:
            return _decompressed(parts)


def _decompressed(parts: PartBuffer) -> Iterator[bytes]:
    source: Any = parts  # of a file it needs `read` alone
    try:
        yield from zstandard.ZstdDecompressor().read_to_iter(source, read_size=_READ_BYTES, write_size=PIECE_BYTES)
    except zstandard.ZstdError as error:
        raise ValueError(f"a stored body does not decompress: {error}") from error
