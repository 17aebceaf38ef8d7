"""ASGI middleware that applies a trusted proxy's headers to a request: its path prefix, scheme and host.

`X-Forwarded-Prefix`, `X-Forwarded-Proto` and `X-Forwarded-Host` count only where the peer of the connection is one of
the trusted proxies. Of several values the last counts, which the nearest proxy has added: it is the only one whose
address is known. A value that is not safe is ignored. It has to be the outermost middleware, so that all others see the
public scheme and host; it only changes the scope. `X-Forwarded-For` is not read: nothing here uses a client's address.
"""

import re
from collections.abc import Awaitable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.transport.root_path import ROOT_PATH, local_path, parse_root_path

Network: TypeAlias = IPv4Network | IPv6Network

_REMEMBERED: Final = 256
"""Peers whose addresses need not be parsed again: they send request after request on one connection."""
_SCHEMES: Final = frozenset({"http", "https"})
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)


class ProxyHeaders:
    """The middleware. `root_path` is the prefix of requests for which no trusted proxy names another."""

    def __init__(self, app: ASGIApp, root_path: str, trusted: Sequence[Network]) -> None:
        self._app, self._root_path, self._trusted = app, root_path, tuple(trusted)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Change the scope of one request in place, since the server around this middleware reads it afterwards."""
        if scope["type"] == "http":
            forwarded = _Forwarded(scope) if self._is_trusted(scope.get("client")) else None
            prefix = self._root_path if forwarded is None else forwarded.prefix(self._root_path)
            scope.update({ROOT_PATH: prefix, "path": local_path(scope["path"], prefix)})
            if forwarded is not None:
                forwarded.apply_origin(scope)
        return self._app(scope, receive, send)

    def _is_trusted(self, client: tuple[str, int] | None) -> bool:
        address = None if client is None else _address(client[0])
        return address is not None and any(address in network for network in self._trusted)


class _Forwarded:
    """The headers of a trusted proxy."""

    def __init__(self, scope: Scope) -> None:
        self._headers = Headers(scope=scope)

    def prefix(self, otherwise: str) -> str:
        named = self._last("X-Forwarded-Prefix")
        parsed = parse_root_path(named) if named else None
        return otherwise if parsed is None else parsed

    def apply_origin(self, scope: Scope) -> None:
        scheme, host = self._last("X-Forwarded-Proto").lower(), self._last("X-Forwarded-Host")
        if scheme in _SCHEMES:
            scope["scheme"] = scheme
        if _HOST.fullmatch(host):
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope["headers"] = [(b"host", host.encode("ascii")), *others]

    def _last(self, name: str) -> str:
        lines = self._headers.getlist(name)
        return lines[-1].rpartition(",")[2].strip(" \t") if lines else ""


@lru_cache(_REMEMBERED)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Parse a peer's address; an IPv4 one that an IPv6 socket has accepted becomes plain IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
