"""A stored body's text, piece by piece: reading a large one takes the memory of a few parts and a piece.

An empty piece asks for another part of the stored form in the buffer before the text goes on.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Final

from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Encoding

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

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
            return decompressed(parts.read)


def decompressed(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Decompress one zstd frame. A truncated frame ends early; ValueError if the bytes are no frame."""
    frame = zstd.ZstdDecompressor()
    try:
        while not frame.eof:
            data = read(_READ_BYTES) if frame.needs_input else b""
            if frame.needs_input and not data:
                return
            if piece := frame.decompress(data, PIECE_BYTES):
                yield piece
    except zstd.ZstdError as error:
        raise ValueError(f"a stored body does not decompress: {error}") from error
    if frame.unused_data or read(1):
        raise ValueError("a stored body does not decompress: something follows its frame")
