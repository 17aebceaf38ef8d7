"""ASGI middleware that gives every request an id, returns one in the answer, and logs one line a request.

The service's own id is always a new one; log and audit trail have it. The answer's `X-Request-Id` is the caller's where
the caller sent one, and the service's own otherwise.

Successful routine requests, such as health checks, are logged at `debug`, all others at `info`.

A client's own `X-Request-Id` is taken if it is short and plain, and of a `traceparent` the trace's id. Nothing else
from a client is ever logged: the line has the route's template, not the path, and the id of the API key, which is no
secret, not the key.
"""

import logging
import re
import time
from collections.abc import Awaitable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.operations import Resource
from adapters.http.requests.authorization import key_id
from adapters.http.transport.instrumentation import ObserveRequest, ignore_request, known_method
from application.log_context import LogContext, current_log_context, in_log_context
from application.ports.system import NewId
from domain.trace import trace_context

REQUEST_ID: Final = "X-Request-Id"
_REQUEST_ID: Final = REQUEST_ID.lower().encode()

log: Final = logging.getLogger(__name__)

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class Correlation:
    """The middleware."""

    def __init__(self, app: ASGIApp, new_id: NewId, observe: ObserveRequest = ignore_request) -> None:
        self._app, self._new_id, self._observe = app, new_id, observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request under its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = self._new_id()
        request_id = _id_of(scope) or str(own)
        with in_log_context(LogContext(request_id=request_id, server_request_id=own, trace_id=_trace_of(scope))):
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status, request_id = time.monotonic(), 0, current_log_context().request_id

        def send_with_id(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"])[REQUEST_ID] = request_id
            return send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            seconds = time.monotonic() - began
            self._observe(known_method(scope["method"]), route_of(scope), status, seconds)
            _log_request(scope, status, seconds * 1000)


def _id_of(scope: Scope) -> str:
    """Read the id that the caller chose, if it is plain."""
    sent = _first(scope, _REQUEST_ID)
    return sent if _PLAIN.fullmatch(sent) else ""


def _first(scope: Scope, name: bytes) -> str:
    """Read the first line of a header, empty if there is none."""
    for line, value in scope["headers"]:
        if line == name:
            return str(value, "latin-1")
    return ""


def route_of(scope: Scope) -> str:
    """Return the template of the request's route, which holds nothing that the client sent."""
    resource = _resource_of(scope)
    return "an unknown path" if resource is None else resource.path


def _is_routine(scope: Scope) -> bool:
    resource = _resource_of(scope)
    return resource is not None and resource.is_routine


def _resource_of(scope: Scope) -> Resource | None:
    return getattr(scope.get("endpoint"), "resource", None)


def _trace_of(scope: Scope) -> str:
    sent = _first(scope, b"traceparent")
    trace = trace_context(sent) if sent else None
    return "" if trace is None else trace.trace_id


def _log_request(scope: Scope, status: int, taken: float) -> None:
    level = logging.DEBUG if _is_routine(scope) and 200 <= status < 400 else logging.INFO
    if not log.isEnabledFor(level):
        return
    method, route, key = known_method(scope["method"]), route_of(scope), key_id(scope)
    request_id = current_log_context().request_id
    said = {"method": method, "route": route, "status": status, "milliseconds": round(taken, 1), "key_id": key}
    log.log(level, "%s %s %d in %.1f ms, request %s, key %s", method, route, status, taken, request_id, key, extra=said)
