"""The host that a request names in `Host`."""

from starlette.types import Scope

from adapters.http.transport.authorities import Authority, authority


def host_of(scope: Scope) -> Authority | None:
    """Read the host of a request; None if it names none, several, or a malformed one."""
    return read_host(host_lines(scope))


def host_lines(scope: Scope) -> list[bytes]:
    """Collect the lines of `Host`."""
    return [value for name, value in scope["headers"] if name == b"host"]


def read_host(lines: list[bytes]) -> Authority | None:
    """Parse the lines of `Host`, of which there must be one."""
    return authority(lines[0].decode("latin-1").strip(" \t")) if len(lines) == 1 else None
