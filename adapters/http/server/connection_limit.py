"""ASGI middleware that refuses requests on connections over the limit, as marked by the server.

Health checks bypass the limit.
"""

from collections.abc import Awaitable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.problems.mapping import problem_of
from adapters.http.problems.refusals import TooManyConnections
from adapters.http.problems.rendering import problem_response

CROWDED: Final = "crowded"
"""The member of a request's state that is true where its connection is one too many."""
RETRY_SECONDS: Final = 5


class Crowding:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Refuse or pass on one request."""
        crowded = scope["type"] == "http" and scope.get("state", {}).get(CROWDED, False)
        if crowded and not scope["path"].startswith("/health/"):
            return problem_response(problem_of(TooManyConnections(RETRY_SECONDS)), scope)(scope, receive, send)
        return self._app(scope, receive, send)
