"""Comparison of stored bodies with their digests and with each other, in bounded memory."""

import hashlib
from collections.abc import AsyncIterator
from typing import Final

from attrs import field, frozen

from application.executions.body_text import text_pieces
from application.ports.bodies import Bodies
from application.ports.stored_bodies import StoredBody, stored
from domain.body import Body

_BEFORE_CHARACTERS: Final = 20
MAX_EXCERPT_CHARACTERS: Final = 80
_CHARACTER_BYTES: Final = 4
"""The longest character of UTF-8."""


@frozen
class FirstDifference:
    """The offset of the first byte in which two texts differ, and an excerpt of each from shortly before it.

    The excerpts quote the texts, so they never enter a repr or a log.
    """

    byte: int
    expected: str = field(repr=False)
    actual: str = field(repr=False)


async def stored_sha256(bodies: Bodies, body: StoredBody) -> str | None:
    """Compute the SHA-256 of the text as it is stored; None if the stored bytes are no text of the recorded size."""
    digest = hashlib.sha256()
    try:
        async for piece in text_pieces(bodies, body):
            digest.update(piece)
    except ValueError:
        return None
    return digest.hexdigest()


async def read_verified(bodies: Bodies, body: StoredBody) -> Body | None:
    """Read a body in its stored form; None if it is not the one that its digest names."""
    try:
        data = b"".join([part async for part in body.parts()])
    except ValueError:  # it does not decrypt
        return None
    read = Body(body.digest, body.encoding, data)
    return read if await stored_sha256(bodies, stored(read)) == body.digest.sha256 else None


async def first_difference(bodies: Bodies, expected: StoredBody, actual: StoredBody) -> FirstDifference | None:
    """Find the first difference of two texts; None if they are the same. Raises ValueError if one does not decode."""
    one, other = _Text(text_pieces(bodies, expected)), _Text(text_pieces(bodies, actual))
    while True:
        left, right = await one.peek(1), await other.peek(1)
        same = _common_prefix(left, right)
        if same == 0:
            break
        one.skip(same)
        other.skip(same)
    if not left and not right:
        return None
    return FirstDifference(one.at, await _excerpt(one), await _excerpt(other))


class _Text:
    """A text that is read forwards, with the bytes shortly before the present position."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces, self._ahead = pieces, b""
        self.at, self.before = 0, b""

    async def peek(self, least: int) -> bytes:
        """Return the bytes from the present position: so many or more, unless the text ends before."""
        while len(self._ahead) < least and (piece := await anext(self._pieces, b"")):
            self._ahead += piece
        return self._ahead

    def skip(self, count: int) -> None:
        """Go forwards."""
        start = max(0, count - _CHARACTER_BYTES * _BEFORE_CHARACTERS)
        self.before = (self.before + self._ahead[start:count])[-_CHARACTER_BYTES * _BEFORE_CHARACTERS :]
        self.at += count
        self._ahead = self._ahead[count:]


async def _excerpt(text: _Text) -> str:
    """Quote the text around its present position, whole characters only."""
    ahead = await text.peek(_CHARACTER_BYTES * MAX_EXCERPT_CHARACTERS)
    before = text.before
    while before and ahead and _continues(ahead[0]):  # the difference is inside a character
        before, ahead = before[:-1], before[-1:] + ahead
    quoted = before.decode(errors="ignore")[-_BEFORE_CHARACTERS:]
    return quoted + ahead.decode(errors="ignore")[: MAX_EXCERPT_CHARACTERS - len(quoted)]


def _continues(byte: int) -> bool:
    return byte & 0xC0 == 0x80


def _common_prefix(left: bytes, right: bytes) -> int:
    """Count the bytes that both begin with, by halving."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
