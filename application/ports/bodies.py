"""Port to JSON text: validation, compression, and number precision."""

from collections.abc import AsyncIterator, Iterator
from typing import Protocol

from attrs import frozen
from returns.result import Result

from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Body
from domain.warnings import NumberWarning


@frozen
class MalformedJson:
    """The bytes are no JSON text. `at` is the byte offset where that shows, if it is known.

    In text of many lines, `line` is the one that is no JSON, from 1, and `at` counts from its start.
    """

    reason: str
    at: int | None
    line: int | None = None


class Bodies(Protocol):
    """JSON text: to and from its stored form, and what its readers would not get of it. Off the event loop."""

    async def encode(self, text: bytes) -> Result[Body, MalformedJson]:
        """The stored form of text that somebody sent, a user or a sandboxed process, if it is JSON in UTF-8."""
        ...

    async def from_lines(self, text: bytes) -> Result[bytes, MalformedJson]:
        """The JSON array of the values that NDJSON text has, one a line; blank lines are none."""
        ...

    async def check_number_precision(self, text: bytes) -> tuple[NumberWarning, ...]:
        """The numbers that JavaScript rounds in text that `seal` has accepted: at most one warning a kind."""
        ...

    async def decode(self, body: Body) -> bytes:
        """The text again."""
        ...

    async def count_values(self, text: bytes, most: int) -> int:
        """The values in text that may be JSON, those inside others included; more than `most` is not counted on."""
        ...

    def pieces(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        """The text again, piece by piece. Each is made when it is asked for: if the body is large, not on the loop.

        An empty piece asks for another part of the stored form.
        """
        ...

    def lines(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        """The same of an array's items, each on a line of its own and otherwise as it is written in the text."""
        ...

    async def is_array(self, pieces: AsyncIterator[bytes]) -> bool:
        """Tell whether text in pieces is an array. No more is read than necessary."""
        ...
