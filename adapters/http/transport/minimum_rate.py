"""Minimum rate at which a client has to send a body: a limit on silence, and a number of bytes over a window.

Only the time counts in which the service waits for the client, not the time in which it processes the bytes.
"""

import asyncio
from typing import Final

from attrs import frozen
from returns.result import Failure, Result, Success
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

BYTES_A_SECOND: Final = 1024


@frozen
class MinimumRate:
    """The slowest permitted client: `BYTES_A_SECOND` over `window` seconds, and something every `idle_timeout`."""

    idle_timeout: float = 10.0
    window: float = 30.0


@frozen
class TooSlow:
    """The client has sent more slowly than the minimum rate."""

    pace: MinimumRate


@frozen
class Chunk:
    """Part of a body, and whether more is to come."""

    data: bytes
    more: bool


class PacedBody:
    """A request's body, as long as its client sends at the minimum rate."""

    def __init__(self, receive: Receive, pace: MinimumRate) -> None:
        self._receive, self._pace = receive, pace
        self._waited, self._came = 0.0, 0

    async def next_chunk(self) -> Result[Chunk, TooSlow]:
        """Receive the next chunk. Raises ClientDisconnect if the client has left."""
        quiet = 0.0
        while True:
            until_silent, until_judged = self._pace.idle_timeout - quiet, self._pace.window - self._waited
            message = await self._within(min(until_silent, until_judged))
            if message is not None:
                return Success(self._taken(message))
            if until_silent <= until_judged or not self._kept_pace():
                return Failure(TooSlow(self._pace))
            quiet += until_judged

    async def _within(self, seconds: float) -> Message | None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(seconds):
                message = await self._receive()
        except TimeoutError:
            return None
        self._waited += loop.time() - began
        return message

    def _taken(self, message: Message) -> Chunk:
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = Chunk(message.get("body", b""), message.get("more_body", False))
        self._came += len(chunk.data)
        return chunk

    def _kept_pace(self) -> bool:
        """Tell whether enough bytes came in the window that ends now, and begin the next one."""
        kept = self._came >= self._pace.window * BYTES_A_SECOND
        self._waited, self._came = 0.0, 0
        return kept
