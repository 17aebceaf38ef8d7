"""The parts of a receiver's URL that a message needs."""

from typing import Final
from urllib.parse import urlsplit

from attrs import frozen

from domain.webhooks import WebhookUrl

_PORTS: Final = {"http": 80, "https": 443}


@frozen
class Target:
    """The host of a receiver as the resolver takes it, its port, the value of `Host`, and the target of the request."""

    scheme: str
    host: str
    port: int
    authority: str
    path: str

    @property
    def tls_name(self) -> str | None:
        """The name that the certificate must have, and that is sent in the clear; None without TLS."""
        return self.host.removesuffix(".") if self.scheme == "https" else None


def target_of(url: WebhookUrl) -> Target:
    """Split a URL."""
    parts = urlsplit(url.value)
    host, standard = parts.hostname or "", _PORTS[parts.scheme]
    port = parts.port or standard
    shown = f"[{host}]" if ":" in host else host
    return Target(
        scheme=parts.scheme,
        host=host,
        port=port,
        authority=shown if port == standard else f"{shown}:{port}",
        path=f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/",
    )
