"""Decoders of content codings for bodies that arrive in parts. They do no I/O, know no limit, and work on any thread.

The caller decides after each piece whether to go on: nothing is decoded ahead.
"""

from collections.abc import Iterator
from typing import Final, Protocol

from attrs import frozen

from domain.hint import Hint, hint

PIECE_BYTES: Final = 128 * 1024
"""The longest piece of a decoder's output."""


@frozen
class MalformedEncoding:
    """The bytes do not conform to their coding; `at` is the offset in the body, as it was sent."""

    reason: Hint
    at: int


def incomplete(at: int) -> MalformedEncoding:
    """Build the fault of a body that ends too early."""
    return MalformedEncoding(hint("incomplete-encoding"), at)


def invalid(reason: str, at: int) -> MalformedEncoding:
    """Build the fault of bytes for which a decoder has that reason."""
    return MalformedEncoding(hint("malformed-encoding", reason=reason), at)


class Decoder(Protocol):
    """One body's decoder."""

    @property
    def window_bytes(self) -> int:
        """The most bytes of its output that the decoder holds."""
        ...

    def decode(self, data: bytes) -> Iterator[bytes | MalformedEncoding]:
        """Decode further bytes into pieces of 1 to `PIECE_BYTES` bytes. A fault comes last."""
        ...

    def end(self) -> MalformedEncoding | None:
        """Check that the body may end here, or return the fault."""
        ...


class IdentityDecoder:
    """Decoder of unencoded bodies."""

    window_bytes: Final = 0

    def decode(self, data: bytes) -> Iterator[bytes]:
        """Cut the bytes into pieces."""
        for start in range(0, len(data), PIECE_BYTES):
            yield data[start : start + PIECE_BYTES]

    def end(self) -> None:
        """Accept any end."""
