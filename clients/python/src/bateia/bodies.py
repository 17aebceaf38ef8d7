"""Bodies of requests: bytes in memory, and bytes that come from elsewhere. Those of files are in `spool`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol


class Body(Protocol):
    """A body that can be sent again: each call of `chunks` begins anew. One of unknown length can be sent once."""

    @property
    def length(self) -> int | None:
        """The bytes to send; None if that is not known."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces."""
        ...


class SizedBody(Body, Protocol):
    """A body of known length."""

    @property
    def length(self) -> int:
        """The bytes to send."""
        ...


@dataclass(frozen=True)
class BytesBody:
    """A short body in memory."""

    data: bytes = field(repr=False)

    @property
    def length(self) -> int:
        """The bytes to send."""
        return len(self.data)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        yield self.data


@dataclass(frozen=True)
class StreamBody:
    """Bytes that come from elsewhere while they are sent, such as those of standard input. They can be read once."""

    pieces: Iterable[bytes] = field(repr=False)
    length: None = field(default=None, init=False)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        return iter(self.pieces)
