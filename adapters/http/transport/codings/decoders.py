"""What undoes a content coding while a body arrives. Decoders do no I/O, know no limit, and work on any thread.

Whoever calls one decides after each piece whether to go on: nothing is decoded ahead of being asked for.
"""

from collections.abc import Iterator
from typing import Final, Protocol

from attrs import frozen

PIECE_BYTES: Final = 128 * 1024
"""The most that a decoder gives at once."""


@frozen
class MalformedEncoding:
    """The bytes are not what their coding says; `at` is the offset in the body, as it was sent, where that shows."""

    reason: str
    at: int


class Decoder(Protocol):
    """One body's decoder."""

    @property
    def window_bytes(self) -> int:
        """What it keeps of what it gave, at most."""
        ...

    def decode(self, data: bytes) -> Iterator[bytes | MalformedEncoding]:
        """The pieces, each of 1 to `PIECE_BYTES` bytes, that these further bytes hold. A fault is the last."""
        ...

    def end(self) -> MalformedEncoding | None:
        """What is wrong with the body if it ends here."""
        ...


class IdentityDecoder:
    """The decoder of what is not encoded."""

    window_bytes: Final = 0

    def decode(self, data: bytes) -> Iterator[bytes]:
        """The same bytes."""
        for start in range(0, len(data), PIECE_BYTES):
            yield data[start : start + PIECE_BYTES]

    def end(self) -> None:
        """It may end anywhere."""
