"""Stored bodies that are read part by part, so that a reader costs a few parts of memory, however large the body is.

The store is asynchronous and text is decoded from the stored form on threads, so the two meet in a buffer: the event
loop adds parts to it, and the decoder requests another one instead of waiting for it.
"""

from collections.abc import AsyncIterator, Callable
from typing import Final

from attrs import field, frozen

from domain.body import Body, Digest, Encoding

PART_BYTES: Final = 256 * 1024
"""The most of a body that a store returns at once, unless its encryption has larger segments."""


@frozen(eq=False)
class StoredBody:
    """A body in its store. `parts` reads its stored form from the beginning, each time it is called.

    `held_bytes` is the most that reading holds at once. Where the content is removed meanwhile, or the store does not
    answer, reading ends with `Unavailable`.
    """

    digest: Digest
    encoding: Encoding
    held_bytes: int
    parts: Callable[[], AsyncIterator[bytes]] = field(repr=False)


class PartBuffer:
    """The parts that were fetched and have not been read. One task or thread uses it at a time."""

    _LOW_BYTES: Final = 192 * 1024
    """More than a decoder reads before its first output: a block of zstd has at most 128 KiB."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size, self._at, self._ended = 0, 0, False

    @property
    def wants_more(self) -> bool:
        """Tell whether another part has to be fetched before anything is read."""
        return not self._ended and self._size < self._LOW_BYTES

    def add(self, part: bytes | None) -> None:
        """Take the next part, or None behind the last one."""
        if part is None:
            self._ended = True
        elif part:
            self._parts.append(part)
            self._size += len(part)

    def read(self, size: int) -> bytes:
        """Read the next bytes, up to `size` of them; none at the end."""
        if not self._parts:
            return b""
        read = self._parts[0][self._at : self._at + size]
        self._at += len(read)
        self._size -= len(read)
        if self._at == len(self._parts[0]):
            del self._parts[0]
            self._at = 0
        return read


def stored(body: Body) -> StoredBody:
    """Present a body in memory as a stored one."""

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(body.data), PART_BYTES):
            yield body.data[start : start + PART_BYTES]

    return StoredBody(body.digest, body.encoding, len(body.data), parts)
