"""Connections to receivers: a name is resolved once, all of its addresses are checked, and one of these is used.

Afterwards the name serves for `Host`, SNI and the check of the certificate alone, so what it resolves to a moment later
does not matter.
"""

import asyncio
import os
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from attrs import frozen

from adapters.webhooks.addresses import Address, Network, is_allowed
from adapters.webhooks.resolver import Resolve
from adapters.webhooks.target import Target
from domain.deliveries import NoResponse, SendFault

_BUFFER_BYTES: Final = 16 * 1024
Streams: TypeAlias = tuple[StreamReader, StreamWriter]


OpenConnection: TypeAlias = Callable[[Address, Target, ssl.SSLContext | None], Awaitable[Streams]]


async def open_connection(address: Address, target: Target, tls: ssl.SSLContext | None) -> Streams:
    """Connect to an address of a receiver, with TLS if its URL says so."""
    name = target.tls_name
    return await asyncio.open_connection(
        str(address), target.port, limit=_BUFFER_BYTES, ssl=None if name is None else tls, server_hostname=name
    )


@frozen(kw_only=True)
class Connector:
    """Connects to receivers within `seconds`, the lookup of the name and the handshake of TLS among them."""

    resolve: Resolve
    networks: Sequence[Network]
    tls: ssl.SSLContext | None
    seconds: float
    open_connection: OpenConnection = open_connection

    async def connect(self, target: Target) -> Streams | NoResponse:
        """Connect to a receiver, or tell why that failed."""
        deadline = asyncio.get_running_loop().time() + self.seconds
        try:
            async with asyncio.timeout_at(deadline):
                addresses = await self._addresses(target.host)
                return (
                    addresses if isinstance(addresses, NoResponse) else await self._first(target, addresses, deadline)
                )
        except TimeoutError:
            return self._timed_out()

    async def _addresses(self, host: str) -> Sequence[Address] | NoResponse:
        try:
            addresses = tuple(dict.fromkeys(await self.resolve(host)))
        except OSError as error:
            return NoResponse(SendFault.NAME_NOT_FOUND, _reason(error))
        if not all(is_allowed(one, self.networks) for one in addresses):
            return NoResponse(  # without the address: that of an internal name is no business of a client
                SendFault.ADDRESS_FORBIDDEN,
                "an address of the host is not public, nor in a network of BATEIA_WEBHOOK_NETWORKS",
            )
        return addresses

    async def _first(self, target: Target, addresses: Sequence[Address], deadline: float) -> Streams | NoResponse:
        """Connect to the first address that answers. Each may take half of the time left, the last one all of it."""
        outcome = NoResponse(SendFault.NAME_NOT_FOUND, "the name has no address")
        for left, address in zip(reversed(range(len(addresses))), addresses, strict=True):
            seconds = deadline - asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(seconds / 2 if left else seconds):
                    return await self.open_connection(address, target, self.tls)
            except (ssl.SSLError, ValueError) as error:  # a ValueError if no certificate can have such a name
                return NoResponse(SendFault.TLS_FAILED, tls_reason(error))
            except TimeoutError:
                outcome = self._timed_out()
            except OSError as error:
                outcome = NoResponse(SendFault.CONNECTION_FAILED, _reason(error))
        return outcome

    def _timed_out(self) -> NoResponse:
        return NoResponse(SendFault.TIMED_OUT, f"no connection within {self.seconds:g} s")


def tls_reason(error: BaseException) -> str:
    """Describe a failure of TLS in OpenSSL's words, which quote nothing of the peer's."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate was refused: {error.verify_message}"
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    return reason.replace("_", " ").lower() if reason else "no certificate can have such a name"


def _reason(error: OSError) -> str:
    """Describe an outage in the system's words."""
    if error.errno and error.errno > 0:  # the numbers of the resolver are negative
        return os.strerror(error.errno).lower()
    return str(error.strerror or "").lower()
