"""ASGI middleware that refuses requests for other hosts, against DNS rebinding.

A page of any site can have its own name resolve to this machine; to a browser, this service is then of the page's own
origin. Only the `Host` of such a request reveals it. While the service requires no key, nothing else protects the data
from the page, so `Host` has to be one of the service's own. Where the operator lists hosts it always has to be.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.problems.mapping import problem_of
from adapters.http.problems.refusals import MisdirectedRequest
from adapters.http.problems.rendering import problem_response
from adapters.http.transport.own_hosts import OwnHosts
from adapters.http.transport.request_host import host_lines, read_host

_REMEMBERED: Final = 64


class AllowedHosts:
    """The middleware. `was_open` tells whether requests without a key are served."""

    def __init__(self, app: ASGIApp, hosts: OwnHosts, was_open: Callable[[], Awaitable[bool]]) -> None:
        self._app, self._hosts, self._was_open = app, hosts, was_open
        self._own: set[bytes] = set()

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Refuse or pass on one request. Only for other hosts is anonymous access looked up."""
        if scope["type"] != "http" or self._are_own(lines := host_lines(scope)):
            return self._app(scope, receive, send)
        return self._serve_other(lines, scope, receive, send)

    async def _serve_other(self, lines: list[bytes], scope: Scope, receive: Receive, send: Send) -> None:
        if self._hosts.added or await self._was_open():
            host = read_host(lines)
            refusal = MisdirectedRequest("" if host is None else str(host), self._hosts.names)
            await problem_response(problem_of(refusal), scope)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _are_own(self, lines: list[bytes]) -> bool:
        """Tell whether these lines of `Host` name one of the service's hosts. A few results are cached."""
        if len(lines) == 1 and lines[0] in self._own:
            return True
        host = read_host(lines)
        is_own = host is not None and self._hosts.has(host)
        if is_own and len(self._own) < _REMEMBERED:
            self._own.add(lines[0])
        return is_own
