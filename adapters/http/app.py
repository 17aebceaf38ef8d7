"""Builds the ASGI application."""

from functools import cache, lru_cache, partial
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from adapters.http.dependencies import Dependencies
from adapters.http.endpoint import Endpoint, UnknownPaths
from adapters.http.openapi.document import openapi_bytes, openapi_document
from adapters.http.reference.pages import Reference
from adapters.http.routes import MATCHED, RESOURCES
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
_document: Final = cache(openapi_document)
"""The document follows from the code alone, so the applications of a process share it."""
_reference: Final = cache(lambda: Reference(_document()))


def build_app(deps: Dependencies) -> Starlette:
    """Build the application over its dependencies.

    Middleware, outermost first: proxy headers, request ids and log lines, lingering close, cross-origin checks, the
    connection limit, the exception handler, allowed hosts, encoded slashes; the routes come last.
    """
    app = Starlette(
        routes=[Route(resource.path, Endpoint(resource, deps)) for resource in MATCHED],
        middleware=[
            Middleware(ProxyHeaders, root_path=deps.site.root_path, trusted=deps.site.trusted_proxies),
            Middleware(Correlation, new_id=deps.operations.new_id, observe=deps.operations.observe_request),
            Middleware(LingeringClose),
            Middleware(CrossOrigin, hosts=deps.site.hosts),
            Middleware(Crowding),
            Middleware(ExceptionHandler),
            Middleware(AllowedHosts, hosts=deps.site.hosts, was_open=deps.access.allowed_anonymous),
            Middleware(PathSegments),
        ],
    )
    app.router.redirect_slashes = False  # a path with a slash too many is another path, and is not there
    app.router.default = UnknownPaths(tuple(resource.template for resource in RESOURCES))
    app.state.own_hosts = deps.site.hosts
    app.state.openapi = lru_cache(_MOST_PREFIXES)(partial(openapi_bytes, _document()))
    app.state.reference = _reference()
    return app
