"""The origin under which a client reached the service, scheme and host, for links that work outside of a browser.

A host counts only if it is known to be this service's: one that the operator listed, or, in a request that no proxy has
forwarded, an address on which the service itself listens. A client that forges `Host` gets no link to it, and cannot
have a cache hand one to others. A listed host without a port counts on the default port only, since the client may
name any other.
"""

from typing import Final

from starlette.types import Scope

from adapters.http.transport.own_hosts import OwnHosts
from adapters.http.transport.request_host import host_of

_FORWARDED: Final = frozenset({b"forwarded", b"via"})
_FORWARDED_PREFIX: Final = b"x-forwarded-"


def public_origin(scope: Scope) -> str:
    """Return the origin of a request, such as `https://bateia.example`; "" if its host is not known."""
    hosts = _own_hosts(scope)
    host = None if hosts is None else host_of(scope)
    if hosts is None or host is None:
        return ""
    scheme = str(scope.get("scheme", "http"))
    is_own = hosts.has_origin(scheme, host) or (hosts.listens_at(host) and not _is_forwarded(scope))
    return f"{scheme}://{host}" if is_own else ""


def _own_hosts(scope: Scope) -> OwnHosts | None:
    """Find the hosts in the application's state: they are only needed for refused requests."""
    state = getattr(scope.get("app"), "state", None)
    return getattr(state, "own_hosts", None)


def _is_forwarded(scope: Scope) -> bool:
    return any(name in _FORWARDED or name.startswith(_FORWARDED_PREFIX) for name, _ in scope["headers"])
