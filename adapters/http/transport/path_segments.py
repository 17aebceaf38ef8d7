"""Paths whose segments may hold an encoded slash: `/` parts segments, and `%2F` does not (RFC 3986, section 2.2).

Servers hand over a path decoded, where the two look alike. So while a request is routed, an encoded slash is written
as a code point that no decoded path has: a lone surrogate.
"""

import re
from collections.abc import Awaitable
from typing import Final
from urllib.parse import quote, unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.transport.root_path import local_path, root_path_of

SLASH: Final = "\udc2f"
"""The stand-in for an encoded slash."""
_STRAY_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_KEPT: Final = "/:@!$&'()*+,;=~"


class PathSegments:
    """ASGI middleware that decodes a path segment by segment."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass on one request."""
        raw_path = scope.get("raw_path") or b""
        if b"%" in raw_path and b"%2f" in raw_path.lower():
            # In the same scope: the outer middleware reads the route from it.
            scope["path"] = local_path(decoded(raw_path), root_path_of(scope))
        return self._app(scope, receive, send)


def decoded(raw_path: bytes) -> str:
    """Undo the percent-encoding of a path, with `SLASH` for each encoded slash."""
    return "/".join(unquote(one).replace("/", SLASH) for one in raw_path.decode("latin-1").split("/"))


def path_reference(scope: Scope) -> str:
    """Encode the path of a request as a URI reference: as it was sent, except for characters that no URI may hold."""
    raw_path = scope.get("raw_path")
    if not raw_path:
        return quote(scope["path"], safe=_KEPT)
    return _STRAY_PERCENT.sub("%25", quote(raw_path, safe=f"{_KEPT}%"))


def local_reference(scope: Scope) -> str:
    """Encode the path of a request as a URI reference that begins at the service's own root."""
    return local_path(path_reference(scope), root_path_of(scope))


def segment(text: str) -> str:
    """Return a segment of a decoded path as it was before it was encoded."""
    return text.replace(SLASH, "/")
