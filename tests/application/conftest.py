"""The use cases over the store in memory, with a sandbox that does as it is told."""

from datetime import timedelta
from typing import Final

import pytest
from attrs import define, field
from returns.result import Failure, Result, Success

from adapters.memory import MemoryStore
from adapters.system import utc_now
from application.messages import MalformedJson, NotRunnable, ScriptFault
from domain.body import Body, Encoding, digest
from domain.limits import Limits
from domain.script import Source

FAULT: Final = NotRunnable((ScriptFault("unexpected token", line=1, column=2),))


@define
class Checker:
    """The port `CheckScript`: refuses sources that contain `{{{`, and counts what it was asked."""

    asked: list[Source] = field(factory=list)

    async def __call__(self, source: Source, limits: Limits) -> Result[None, NotRunnable]:
        self.asked.append(source)
        return Failure(FAULT) if b"{{{" in source.data else Success(None)


class PlainBodies:
    """The port `Bodies` without compression, which takes all but the empty text for JSON."""

    async def seal(self, text: bytes) -> Result[Body, MalformedJson]:
        return (
            Success(Body(digest(text), Encoding.IDENTITY, text))
            if text
            else Failure(MalformedJson("nothing is there", 0))
        )

    async def open(self, body: Body) -> bytes:
        return body.data


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(utc_now, timedelta(minutes=1))


@pytest.fixture
def checker() -> Checker:
    return Checker()
