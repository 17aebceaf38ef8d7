"""The digest of pieces that pass by."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

from attrs import define, field

from domain.body import Digest


@define
class CountedPieces:
    """Pieces on their way, with their digest so far."""

    pieces: AsyncIterator[bytes]
    is_over: bool = False
    _hash: Any = field(factory=hashlib.sha256)
    _size: int = 0

    async def take(self, least: int) -> bytes:
        """Take so many bytes, or more by the rest of a piece; all, if there are less."""
        taken = bytearray()
        while len(taken) < least:
            try:
                taken += self._seen(await anext(self.pieces))
            except StopAsyncIteration:
                self.is_over = True
                break
        return bytes(taken)

    async def rest(self, beginning: bytes) -> AsyncIterator[bytes]:
        """Go on with what was taken, and all that follows."""
        yield beginning
        async for piece in self.pieces:
            yield self._seen(piece)

    def digest(self) -> Digest:
        """Return the digest of the bytes so far."""
        return Digest(self._hash.hexdigest(), self._size)

    def _seen(self, piece: bytes) -> bytes:
        self._hash.update(piece)
        self._size += len(piece)
        return piece
