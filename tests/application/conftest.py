"""The use cases over the store in memory, with a sandbox whose behaviour a test chooses."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import pytest
from attrs import define, field
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.ports.bodies import BatchEntry, EncodedDataset, LinesRefused, MalformedJson, NoLines, TooManyLines
from application.ports.sandbox import NotRunnable, ScriptFault
from application.ports.stored_bodies import PartBuffer, StoredBody
from domain.body import Body, Digest, Encoding, digest
from domain.engine import EngineName
from domain.limits import Limits
from domain.versions import Source
from domain.warnings import NumberWarning, NumberWarningKind, SourceWarning, SourceWarningKind
from tests.support.virtual_time import VirtualTimeLoop

LOCALES: Final = (SourceWarning(SourceWarningKind.MISSING_INTL, "there is no Intl", line=2),)
ROUNDED: Final = (NumberWarning(NumberWarningKind.INTEGER_PRECISION, "1 integer was rounded", "/0"),)
FAULT: Final = NotRunnable((ScriptFault("unexpected token", line=1, column=2),))


@define
class Checker:
    """The port `CheckScript`: refuses `{{{` in a source, warns about `Intl`, and counts its calls."""

    asked: list[Source] = field(factory=list)
    runs: list[tuple[Limits, EngineName]] = field(factory=list)

    async def __call__(
        self, source: Source, limits: Limits, engine: EngineName
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        self.asked.append(source)
        self.runs.append((limits, engine))
        if b"{{{" in source.data:
            return Failure(FAULT)
        return Success(LOCALES if b"Intl" in source.data else ())


class PlainBodies:
    """The port `Bodies` without compression, which takes all but the empty text for JSON and a 9 for large."""

    async def check(self, text: bytes) -> Result[None, MalformedJson]:
        return (await self.encode(text)).map(lambda _: None)

    async def encode(self, text: bytes | memoryview) -> Result[Body, MalformedJson]:
        return (
            Success(Body(digest(text), Encoding.IDENTITY, bytes(text)))
            if text
            else Failure(MalformedJson("nothing is there", 0))
        )

    async def from_lines(self, text: bytes) -> Result[bytes, MalformedJson]:
        return Success(b"[%b]" % b",".join(text.split()))

    async def encode_dataset(self, text: bytes) -> Result[EncodedDataset, MalformedJson]:
        return (await self.encode(text)).map(lambda body: EncodedDataset(body, ROUNDED if b"9" in text else ()))

    async def batch_lines(self, text: bytes, most: int) -> Result[Sequence[BatchEntry], LinesRefused]:
        """Take each line for a dataset, one of a reference, a space and a dataset if there is a space."""
        read = [line.rpartition(b" ") for line in text.split(b"\n") if line]
        if len(read) > most:
            return Failure(TooManyLines(most))
        entries = []
        for ref, _, data in read:
            encoded = await self.encode_dataset(data)
            if not is_successful(encoded):
                return Failure(encoded.failure())
            entries.append(BatchEntry(ref.decode() or None, encoded.unwrap()))
        return Success(entries) if entries else Failure(NoLines())

    async def digest(self, text: bytes) -> Digest:
        return digest(text)

    async def decode(self, body: Body) -> bytes:
        return body.data

    async def count_values(self, text: bytes, most: int) -> int:
        return min(most, len(text))

    def pieces(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        return iter([parts.read(body.digest.size_bytes)])

    def lines(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        return (piece[1:-1].replace(b",", b"\n") for piece in self.pieces(body, parts))

    async def is_array(self, pieces: AsyncIterator[bytes]) -> bool:
        return (await anext(pieces)).startswith(b"[")


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Run every test on virtual time: no wait takes any, and one that would never end fails at once."""
    return "asyncio", {"loop_factory": VirtualTimeLoop}


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(utc_now, timedelta(minutes=1))


@pytest.fixture
def checker() -> Checker:
    return Checker()
