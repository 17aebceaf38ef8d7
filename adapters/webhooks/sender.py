"""The sender of messages to receivers, any of which may be hostile: bounds, and an outcome for all that they do."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Final

from attrs import frozen

from adapters.webhooks.addresses import Network
from adapters.webhooks.certificates import tls_context
from adapters.webhooks.connecting import Connector, OpenConnection, open_connection
from adapters.webhooks.resolver import Resolve, SystemResolver
from adapters.webhooks.signatures import signed_headers
from adapters.webhooks.target import Target, target_of
from application.ports.webhooks import Secrets
from application.version import VERSION
from domain.deliveries import NoResponse, SendFault, SendOutcome
from domain.webhooks import WebhookUrl

_USER_AGENT: Final = f"Bateia/{VERSION}"


@frozen(kw_only=True)
class SenderConfig:
    """The operator's choices, and the bounds of a message.

    `networks` are allowed beside public addresses, `ca_file` has certificates to trust beside the usual ones. A message
    may take `connect_seconds` until its receiver is connected and `total_seconds` in all; `response_bytes` are read.
    """

    networks: tuple[Network, ...] = ()
    allow_http: bool = False
    ca_file: Path | None = None
    connect_seconds: float = 5
    total_seconds: float = 10
    response_bytes: int = 64 * 1024


class MessageSender:
    """Sends messages, each on a connection of its own. Implements the port `SendMessage`.

    Only the status, the beginning of the text and `Retry-After` of a response leave it.
    """

    def __init__(
        self,
        config: SenderConfig,
        clock: Callable[[], datetime],
        resolve: Resolve | None = None,
        open_connection: OpenConnection = open_connection,
    ) -> None:
        """Read the operator's certificates, if there are any. Raises `CertificatesRefused`."""
        self._config, self._clock, self._open_connection = config, clock, open_connection
        self._resolve = resolve or SystemResolver()
        self._tls = None if config.ca_file is None else tls_context(config.ca_file)
        self._is_loaded = False

    async def __call__(self, url: WebhookUrl, message_id: str, body: bytes, secrets: Secrets, /) -> SendOutcome:
        """Send a message by POST, signed with each secret, and return the outcome, within bounds of time and bytes."""
        target = target_of(url)
        if target.scheme == "http" and not self._config.allow_http:
            return NoResponse(SendFault.ADDRESS_FORBIDDEN, "plain HTTP is not allowed: see BATEIA_WEBHOOK_HTTP")
        await self._load(target)
        from adapters.webhooks.exchange import Bounds, exchange, request_to

        at, began = self._clock(), asyncio.get_running_loop().time()
        streams = await self._connector().connect(target)
        if isinstance(streams, NoResponse):
            return streams
        headers = (
            ("content-type", "application/json"),
            ("user-agent", _USER_AGENT),
            *signed_headers(message_id, at, body, secrets),
        )
        bounds = Bounds(began=began, seconds=self._config.total_seconds, bytes=self._config.response_bytes)
        return await exchange(streams, request_to(target, headers, body), bounds, at)

    async def _load(self, target: Target) -> None:
        """Load what this message needs, off the event loop: some 70 ms that a process without webhooks saves."""
        if not self._is_loaded:
            await asyncio.to_thread(import_module, "adapters.webhooks.exchange")
            self._is_loaded = True
        if self._tls is None and target.tls_name is not None:
            self._tls = await asyncio.to_thread(tls_context, self._config.ca_file)

    def _connector(self) -> Connector:
        return Connector(
            resolve=self._resolve,
            networks=self._config.networks,
            tls=self._tls,
            seconds=self._config.connect_seconds,
            open_connection=self._open_connection,
        )
