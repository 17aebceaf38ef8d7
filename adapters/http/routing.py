"""Finds the endpoint of a path. Starlette's router does the same by trying the pattern of each route in turn.

Only routes with as many slashes as the path are tried, in their order, and those whose last parameter spans segments.
"""

from collections.abc import Awaitable, Sequence
from re import Pattern
from typing import Final

from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.endpoint import Endpoint

_SPANNING: Final = ":path}"


class Routing:
    """An ASGI application that passes requests on: to the endpoint of their path, or to `otherwise`."""

    def __init__(self, endpoints: Sequence[Endpoint], otherwise: ASGIApp) -> None:
        paths = [one.resource.path for one in endpoints]
        spanning = [path for path in paths if _SPANNING in path]
        patterns = {one.resource.path: (compile_path(one.resource.path)[0], one) for one in endpoints}
        self._any = [patterns[path] for path in spanning]
        self._by_slashes: dict[int, list[tuple[Pattern[str], Endpoint]]] = {
            slashes: [patterns[path] for path in paths if path in spanning or path.count("/") == slashes]
            for slashes in {path.count("/") for path in paths}
        }
        self._otherwise = otherwise

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one request; its scope gets the endpoint and the parameters of the path."""
        if scope["type"] == "http":
            path = scope["path"]
            for pattern, endpoint in self._by_slashes.get(path.count("/"), self._any):
                if (found := pattern.match(path)) is not None:
                    scope["endpoint"], scope["path_params"] = endpoint, found.groupdict()
                    return endpoint(scope, receive, send)
        return self._otherwise(scope, receive, send)
