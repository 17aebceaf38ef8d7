"""ASGI middleware that gives every request an id, says it in the answer, and logs one line a request.

A client's own `X-Request-Id` is taken if it is short and plain. Nothing else that a client sends is ever logged: the
line has the route's template, not the path, and the id of the API key, which is no secret, not the key.
"""

import logging
import re
import time
from contextvars import ContextVar
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.credentials import key_id
from application.ports import NewId

REQUEST_ID: Final = "X-Request-Id"

log: Final = logging.getLogger(__name__)
correlation_id: Final[ContextVar[str]] = ContextVar("correlation_id", default="-")

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class CorrelationFilter(logging.Filter):
    """Puts `correlation_id` on every record of a handler, so that a format can name it whoever logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.correlation_id = correlation_id.get()
        return True


class Correlation:
    """The middleware."""

    def __init__(self, app: ASGIApp, new_id: NewId) -> None:
        self._app, self._new_id = app, new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request under its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = correlation_id.set(self._id_of(scope))
        try:
            await self._serve(scope, receive, send)
        finally:
            correlation_id.reset(token)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status, request_id = time.monotonic(), 0, correlation_id.get()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"])[REQUEST_ID] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            taken = (time.monotonic() - began) * 1000
            line = "%s %s %d in %.1f ms, request %s, key %s"
            log.info(line, scope["method"], _route(scope), status, taken, request_id, key_id(scope))

    def _id_of(self, scope: Scope) -> str:
        sent = Headers(scope=scope).get(REQUEST_ID, "")
        return sent if _PLAIN.fullmatch(sent) else str(self._new_id())


def _route(scope: Scope) -> str:
    resource = getattr(scope.get("endpoint"), "resource", None)
    return "an unknown path" if resource is None else str(resource.path)
