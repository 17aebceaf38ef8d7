"""Long content is produced on a thread, several pieces at a time, and no more than are accounted for."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from adapters.json.bodies import JsonBodies
from application.executions.body_text import PIECES_AT_ONCE, text_pieces
from application.ports.stored_bodies import PartBuffer, StoredBody, stored

TEXT = json.dumps([{"row": row, "text": "repeated"} for row in range(100_000)]).encode()


class CountingBodies(JsonBodies):
    """Counts the pieces of text that are made."""

    made = 0

    def pieces(self, body: StoredBody, parts: PartBuffer) -> Iterator[bytes]:
        for piece in super().pieces(body, parts):
            self.made += bool(piece)
            yield piece


def test_a_few_pieces_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies, ahead, hops = CountingBodies(), [0], [0]
    to_thread = asyncio.to_thread

    async def counted(work: Callable[..., Any], *values: Any) -> Any:
        hops[0] += 1
        return await to_thread(work, *values)

    async def read() -> list[bytes]:
        body = stored((await bodies.encode(TEXT)).unwrap())
        monkeypatch.setattr(asyncio, "to_thread", counted)
        taken: list[bytes] = []
        async for piece in text_pieces(bodies, body):
            ahead.append(bodies.made - len(taken))
            taken.append(piece)
        return taken

    taken = asyncio.run(read())
    assert b"".join(taken) == TEXT
    assert max(ahead) <= PIECES_AT_ONCE
    assert hops[0] < len(taken) / 2
