"""ASGI middleware that keeps pages of other origins from reading and from changing anything.

Browsers send simple requests for any page, and name the page's origin (`Origin`, RFC 6454) and its relation to this
one (`Sec-Fetch-Site`, W3C Fetch Metadata), neither of which a page can forge. Programs that are no browsers send
neither, and are served. Every answer tells browsers not to hand it to pages of other origins. There is no CORS.
"""

import re
from collections.abc import Awaitable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.problems.mapping import problem_of
from adapters.http.problems.refusals import CrossOriginRefused
from adapters.http.problems.rendering import problem_response
from adapters.http.transport.authorities import Authority, authority
from adapters.http.transport.own_hosts import OwnHosts
from adapters.http.transport.request_host import host_of

ISOLATION: Final = ((b"cross-origin-resource-policy", b"same-origin"), (b"x-content-type-options", b"nosniff"))
"""Headers of every answer: no page of another origin embeds it, and no browser takes it for another media type."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES: Final = frozenset({b"same-origin", b"none"})
_ORIGIN: Final = re.compile(r"(https?)://([^/]+)", re.ASCII)
_API: Final = "/v1"
_READ: Final = frozenset({b"origin", b"sec-fetch-site", b"sec-fetch-mode", b"sec-fetch-dest"})


class CrossOrigin:
    """The middleware."""

    def __init__(self, app: ASGIApp, hosts: OwnHosts) -> None:
        self._app, self._hosts = app, hosts

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Refuse or pass on one request, and isolate its answer."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)

        def send_isolated(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                there = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in ISOLATION if one[0] not in there)]
            return send(message)

        if self._is_foreign(scope):
            return problem_response(problem_of(CrossOriginRefused()), scope)(scope, receive, send_isolated)
        return self._app(scope, receive, send_isolated)

    def _is_foreign(self, scope: Scope) -> bool:
        said = _said(scope)
        sites = said.get(b"sec-fetch-site", [])
        if scope["method"] in _SAFE:
            return _is_of_another_site(sites) and _is_api(scope) and not _is_navigation(said)
        origins = said.get(b"origin", [])
        return _is_of_another_site(sites) or (bool(origins) and not self._is_own(origins, sites, scope))

    def _is_own(self, origins: list[bytes], sites: list[bytes], scope: Scope) -> bool:
        """Tell whether a request comes from a page of this service.

        Behind a proxy that encrypts, the page's scheme is https where the request's is http. The host alone does not
        say that the page is ours, since another server may have the other port; the browser does, if it names the site.
        """
        origin = _ORIGIN.fullmatch(origins[0].decode("latin-1").lower()) if len(origins) == 1 else None
        page = None if origin is None else authority(origin[2])
        if origin is None or page is None:
            return False
        scheme, host = own_origin(scope)
        if host is not None and host.host == page.host:
            is_encrypted_outside = origin[1] == "https" and host.port == page.port and sites == [b"same-origin"]
            if is_encrypted_outside or (origin[1] == scheme and host.port_for(scheme) == page.port_for(scheme)):
                return True
        return self._hosts.has_origin(origin[1], page)


def own_origin(scope: Scope) -> tuple[str, Authority | None]:
    """Determine the origin that a request is for: scheme and host, as this server sees them."""
    return scope.get("scheme", "http"), host_of(scope)


def _said(scope: Scope) -> dict[bytes, list[bytes]]:
    """Collect the browser's headers about the page; several lines of a header stay several."""
    said: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        if name in _READ:
            said.setdefault(name, []).append(value.strip(b" \t").lower())
    return said


def _is_of_another_site(sites: list[bytes]) -> bool:
    return bool(sites) and (len(sites) > 1 or sites[0] not in _OWN_SITES)


def _is_api(scope: Scope) -> bool:
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path == _API or path.startswith(f"{_API}/")


def _is_navigation(said: dict[bytes, list[bytes]]) -> bool:
    """Tell whether a reader follows a link to a document, which its page will not see."""
    return said.get(b"sec-fetch-mode") == [b"navigate"] and said.get(b"sec-fetch-dest") == [b"document"]
