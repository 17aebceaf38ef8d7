"""Authorities as `Host` and `Origin` have them: a host and perhaps a port (RFC 9110, section 7.2; RFC 3986, 3.2)."""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from attrs import frozen

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_LAST_PORT: Final = 65_535
_LONGEST: Final = 300
_AUTHORITY: Final = re.compile(
    r"(?P<host>\[(?P<address>[0-9A-Fa-f:.]{2,45})\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}){1,255})"
    r"(?::(?P<port>[0-9]{0,5}))?",
    re.ASCII,
)


@frozen
class Authority:
    """A host, in lower case, without a dot at its end (an IPv6 address is compressed), and its port, if any."""

    host: str
    port: int | None

    def port_for(self, scheme: str) -> int | None:
        """Return the port, or the default one of that scheme."""
        return DEFAULT_PORTS.get(scheme) if self.port is None else self.port

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


def authority(text: str) -> Authority | None:
    """Parse an authority; None if the text is malformed. User information is refused, since HTTP has none."""
    return _read(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _read(text: str) -> Authority | None:
    """Parse an authority, cached: nearly all requests name one of a few hosts. Long texts never get here."""
    parts = _AUTHORITY.fullmatch(text)
    if parts is None:
        return None
    port = int(parts["port"]) if parts["port"] else None
    host = parts["host"].lower().removesuffix(".") if parts["address"] is None else _compressed(parts["address"])
    return Authority(host, port) if host and (port is None or port <= _LAST_PORT) else None


def is_loopback_literal(host: str) -> bool:
    """Tell whether a host is a loopback address, 127.0.0.0/8 or ::1. No name is, whichever address it resolves to."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def _compressed(address: str) -> str:
    try:
        return str(IPv6Address(address))
    except ValueError:
        return ""
