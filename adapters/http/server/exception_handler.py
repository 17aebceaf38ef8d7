"""ASGI middleware that turns exceptions into problems: outages into 503, anything else, a bug, into 500.

The log has the exception under the correlation id; the answer has neither its text nor its kind.
"""

import logging
from collections.abc import Awaitable
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.problems.details import ProblemDetails
from adapters.http.problems.rendering import problem_response
from adapters.http.problems.retrying import store_unavailable, unavailable
from application.log_context import current_log_context
from application.ports.errors import Unavailable
from application.ports.stores import StoreFull, StoreUnavailable
from domain.hint import hint

log: Final = logging.getLogger(__name__)


class ExceptionHandler:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Behind the beginning of a response the server has to break it off, which it does where the
        response has no end."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        def send_and_note(message: Message) -> Awaitable[None]:
            nonlocal started
            started = True
            return send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            if started and isinstance(error, Unavailable):
                log.warning("response to request %s aborted: %s", current_log_context().request_id, error)
                return
            problem = _problem_of(error)
            if started:
                raise
            if problem is not None:
                await problem_response(problem, scope)(scope, receive, send)


def _problem_of(error: Exception) -> ProblemDetails | None:
    """Log an exception, and choose the client's problem; None if the client has disconnected."""
    request_id = current_log_context().request_id
    if isinstance(error, ClientDisconnect):
        log.info("client of request %s disconnected", request_id)
        return None
    if isinstance(error, Unavailable):
        log.warning("request %s: unavailable: %s", request_id, error)
        return _outage(error)
    log.error("request %s failed", request_id, exc_info=error)
    return ProblemDetails(hint("internal-error"))


def _outage(error: Unavailable) -> ProblemDetails:
    if isinstance(error, StoreFull):
        return ProblemDetails(hint("store-full"))
    return store_unavailable() if isinstance(error, StoreUnavailable) else unavailable()
