"""Port to JSON text: validation, compression, number precision, and the lines of a batch."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Protocol, TypeAlias

from attrs import field, frozen
from returns.result import Result

from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Body, Digest
from domain.hint import Hint, Parameter
from domain.warnings import NumberWarning


@frozen
class MalformedJson:
    """The bytes are no JSON text. `code` is that of the mistake; parameters and place fill its message.

    `at` is the byte offset in the decoded text, if it is known, and `line` and `column` are the same from 1; columns
    count characters. The excerpt has `excerpt_offset` characters before that place. Excerpt and parameters quote the
    text, so they never enter a repr or a log; `reason` quotes nothing.
    """

    reason: str
    at: int | None
    line: int | None = None
    column: int | None = None
    code: str = "json-syntax"
    parameters: tuple[tuple[str, Parameter], ...] = field(default=(), repr=False)
    excerpt: str | None = field(default=None, repr=False)
    excerpt_offset: int | None = None


@frozen
class EncodedDataset:
    """A dataset in its stored form, with its text at hand, and warnings of its numbers that JavaScript rounds: at most
    one a kind."""

    body: Body
    warnings: tuple[NumberWarning, ...]


@frozen
class BatchEntry:
    """A line of a batch: the client's reference to it, if it has one, and its dataset, whose text is not at hand."""

    reference: str | None
    dataset: EncodedDataset


@frozen
class InvalidLine:
    """A line of a batch is JSON, but no object of a dataset as `data` and perhaps a reference as `ref`. Its number is
    that in the text, from 1; blank lines count."""

    line: int
    reason: Hint


@frozen
class TooManyLines:
    """The text has more lines that are not blank than a batch may have."""

    limit: int


@frozen
class NoLines:
    """All lines of the text are blank, or there is none."""


LinesRefused: TypeAlias = MalformedJson | InvalidLine | TooManyLines | NoLines


class Bodies(Protocol):
    """JSON text: to and from its stored form, and what its readers would not get of it. Off the event loop."""

    async def check(self, text: bytes) -> Result[None, MalformedJson]:
        """Check that untrusted text is JSON in UTF-8."""
        ...

    async def encode(self, text: bytes | memoryview) -> Result[Body, MalformedJson]:
        """Encode untrusted text, of a client or a sandboxed process, in its stored form, if it is JSON in UTF-8."""
        ...

    async def encode_dataset(self, text: bytes) -> Result[EncodedDataset, MalformedJson]:
        """Encode text as `encode` does, and check the precision of its numbers."""
        ...

    async def from_lines(self, text: bytes) -> Result[bytes, MalformedJson]:
        """Join the values of NDJSON text, one a line, to a JSON array; blank lines are skipped."""
        ...

    async def batch_lines(self, text: bytes, most: int) -> Result[Sequence[BatchEntry], LinesRefused]:
        """Read the lines of a batch, at most so many; blank ones are skipped. Each dataset is encoded as
        `encode_dataset` does. The first line that is refused is the failure."""
        ...

    async def digest(self, text: bytes) -> Digest:
        """Identify text, be it JSON or not."""
        ...

    async def decode(self, body: Body) -> bytes:
        """Decode to the text, or return it if it is at hand."""
        ...

    async def count_values(self, text: bytes, most: int) -> int:
        """Count the values in text that may be JSON, nested ones included; counting stops beyond `most`."""
        ...

    def pieces(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        """Decode to the text, piece by piece. Each is made on demand: if the body is large, not on the loop.

        An empty piece asks for another part of the stored form.
        """
        ...

    def lines(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        """Decode an array's items, each on a line of its own and otherwise as it is written in the text."""
        ...

    async def is_array(self, pieces: AsyncIterator[bytes]) -> bool:
        """Tell whether text in pieces is an array. No more is read than necessary."""
        ...
