"""ASGI middleware: a span for each request. The execution that it submits gets a child of this span.

So `traceparent` is replaced by the span's own if the span is sampled, and `tracestate`, which is not read here, stays.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer

from adapters.spans.tracing import parent_of, trace_of
from domain.trace import trace_context

_TRACEPARENT: Final = b"traceparent"

_Message = MutableMapping[str, Any]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, Callable[[], Awaitable[_Message]], _Send], Awaitable[None]]


class RequestSpans:
    """The middleware. `route_of` and `method_of` return the loggable facts of a request, once it has been answered."""

    def __init__(
        self, app: _App, tracer: Tracer, route_of: Callable[[_Message], str], method_of: Callable[[str], str]
    ) -> None:
        self._app, self._tracer, self._route_of, self._method_of = app, tracer, route_of, method_of

    async def __call__(self, scope: _Message, receive: Callable[[], Awaitable[_Message]], send: _Send) -> None:
        """Serve one request under a span."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = self._method_of(scope["method"])
        span = self._tracer.start_span(method, parent_of(_sent_trace(scope)), SpanKind.SERVER)
        if span.is_recording():
            _continue_in(scope, span)
        status = 0

        async def send_and_note(message: _Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            _end(span, method, self._route_of(scope), status)


def _sent_trace(scope: _Message) -> Any:
    sent = [value for name, value in scope["headers"] if name == _TRACEPARENT]
    return trace_context(sent[0].decode("latin-1")) if len(sent) == 1 else None


def _continue_in(scope: _Message, span: Span) -> None:
    others = [(name, value) for name, value in scope["headers"] if name != _TRACEPARENT]
    own = trace_of(span.get_span_context()).traceparent.encode("ascii")
    scope["headers"] = [*others, (_TRACEPARENT, own)]


def _end(span: Span, method: str, route: str, status: int) -> None:
    span.update_name(f"{method} {route}")
    span.set_attributes({"http.request.method": method, "http.route": route})
    if status:
        span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(StatusCode.ERROR)
    span.end()
