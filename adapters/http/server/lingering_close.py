"""ASGI middleware that answers early without a reset: the rest of the body is read and thrown away, within bounds.

A client that is still sending when a refusal is ready would find its connection closed under it and never see the
answer. So the answer goes out at once, all but its end, and the end only after the body's. The connection is closed
then, since the bounds may have been reached first. A client that waits for `100 Continue` needs none of this.
"""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.requests.parameters import has_body
from domain.limits import MIB

MAX_DISCARDED_BYTES: Final = 256 * MIB
"""Four of the largest datasets: what a client that never looks at the answer before it has sent its body may send."""
MAX_DISCARDING_SECONDS: Final = 5.0


class LingeringClose:
    """The middleware."""

    def __init__(
        self, app: ASGIApp, max_bytes: int = MAX_DISCARDED_BYTES, max_seconds: float = MAX_DISCARDING_SECONDS
    ) -> None:
        self._app, self._max_bytes, self._max_seconds = app, max_bytes, max_seconds

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass on what has no body; watch the body of what has one."""
        if scope["type"] != "http" or not has_body(headers := Headers(scope=scope)):
            return self._app(scope, receive, send)
        body = _Body(headers, receive)

        def send_and_discard(message: Message) -> Awaitable[None]:
            return send(message) if body.ended else send_early(message)

        async def send_early(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"])["Connection"] = "close"
                await send(message)
            elif message.get("more_body") or not body.coming:
                await send(message)
            else:
                await send({**message, "more_body": True})
                await body.discard(self._max_bytes, self._max_seconds)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        return self._app(scope, body.receive, send_and_discard)


class _Body:
    """The progress of receiving a request's body."""

    def __init__(self, headers: Headers, receive: Receive) -> None:
        self._receive = receive
        self.coming = headers.get("expect", "").lower() != "100-continue"
        self.ended = False

    async def receive(self) -> Message:
        self.coming = True  # asking for the body is what makes the server send `100 Continue`
        message = await self._receive()
        self.ended = not message.get("more_body", False)
        return message

    async def discard(self, max_bytes: int, max_seconds: float) -> None:
        discarded = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(max_seconds):
                while not self.ended and discarded <= max_bytes:
                    discarded += len((await self.receive()).get("body", b""))
