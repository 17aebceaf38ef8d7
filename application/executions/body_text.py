"""The text of a stored body, piece by piece and on a thread: a reader holds a few pieces, however long the text is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final

from application.ports.bodies import Bodies
from application.ports.stored_bodies import PartBuffer, StoredBody

PIECES_AT_ONCE: Final = 4
"""The pieces that one way to a thread and back is for."""
_SHORT_BYTES: Final = 16 * 1024


def is_short(body: StoredBody) -> bool:
    """Tell whether the text is produced at once: the work is shorter than the way to a thread and back."""
    return body.digest.size_bytes <= _SHORT_BYTES


def text_pieces(bodies: Bodies, body: StoredBody) -> AsyncIterator[bytes]:
    """Produce the text as it is."""
    return produced(body, lambda parts: bodies.pieces(body, parts))


async def produced(body: StoredBody, produce: Callable[[PartBuffer], Iterator[bytes]]) -> AsyncIterator[bytes]:
    """Produce pieces from the parts. An empty piece is no output: it requests another part."""
    parts, buffer = body.parts(), PartBuffer()
    pieces = produce(buffer)
    while True:
        for piece in _some(pieces) if is_short(body) else await asyncio.to_thread(_some, pieces):
            if piece is None:
                return
            if piece:
                yield piece
            else:
                buffer.add(await anext(parts, None))


def _some(pieces: Iterator[bytes]) -> list[bytes | None]:
    """Take the next pieces, of which an empty one is the last, or None behind the last of all."""
    some: list[bytes | None] = []
    while len(some) < PIECES_AT_ONCE and (not some or some[-1]):
        some.append(next(pieces, None))
    return some
