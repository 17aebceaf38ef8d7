"""Builds the ASGI application.

Absent on purpose: Starlette's own, whose handlers of errors would stand around ours and do nothing.
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.dependencies import Dependencies
from adapters.http.endpoint import Endpoint, unknown_path
from adapters.http.openapi.document import openapi_bytes, openapi_document
from adapters.http.routes import FILES, RESOURCES
from adapters.http.routing import Routing
from adapters.http.server.allowed_hosts import AllowedHosts
from adapters.http.server.connection_limit import Crowding
from adapters.http.server.correlation import Correlation
from adapters.http.server.cross_origin import CrossOrigin
from adapters.http.server.exception_handler import ExceptionHandler
from adapters.http.server.lingering_close import LingeringClose
from adapters.http.server.proxy_headers import ProxyHeaders
from adapters.http.transport.path_segments import PathSegments

_MOST_PREFIXES: Final = 16
"""The number of cached forms of the OpenAPI document, one for each path prefix."""


class Application:
    """The ASGI application. `openapi` encodes the OpenAPI document for a path prefix."""

    def __init__(self, entry: ASGIApp, endpoints: Sequence[Endpoint]) -> None:
        self._entry, self.endpoints = entry, endpoints
        self.openapi = lru_cache(_MOST_PREFIXES)(partial(openapi_bytes, openapi_document()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, whose handler finds this application in the scope."""
        scope["app"] = self
        await self._entry(scope, receive, send)


def build_app(deps: Dependencies) -> Application:
    """Build the application over its dependencies.

    Middleware, outermost first: proxy headers, request ids and log lines, lingering close, cross-origin checks, the
    connection limit, the exception handler, allowed hosts, encoded slashes; the routes come last.
    """
    endpoints = [Endpoint(resource, deps) for resource in (*RESOURCES, FILES)]
    app: ASGIApp = Routing(endpoints, unknown_path)
    app = PathSegments(app)
    app = AllowedHosts(app, hosts=deps.site.hosts, was_open=deps.access.allowed_anonymous)
    app = ExceptionHandler(app)
    app = Crowding(app)
    app = CrossOrigin(app, hosts=deps.site.hosts)
    app = LingeringClose(app)
    app = Correlation(app, new_id=deps.operations.new_id, observe=deps.operations.observe_request)
    app = ProxyHeaders(app, root_path=deps.site.root_path, trusted=deps.site.trusted_proxies)
    return Application(app, endpoints)
