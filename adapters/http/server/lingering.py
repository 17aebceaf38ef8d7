"""Connections that are closed while their clients may still be sending (RFC 9112, section 9.6).

Closing with unread input resets a connection, and a reset can overtake the answer. So the answer is followed by the
end of the stream alone, and what still comes is dropped: until the client closes too, for a while, or up to some bytes.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from domain.limits import MIB

_SECONDS: Final = 2.0
_BYTES: Final = 4 * MIB


class LingeringProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._linger_deadline: asyncio.TimerHandle | None = None
        self._dropped_bytes = 0

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._linger_deadline is not None:
            self._linger_deadline.cancel()

    @property
    def has_ended(self) -> bool:
        """Tell whether this connection sends no further answers."""
        return self._linger_deadline is not None or bool(self.transport.is_closing())

    def linger(self) -> None:
        """Send the end of the stream, and close the connection later. The application sees a disconnected client."""
        if self.has_ended:
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write_eof()
        self._linger_deadline = self.loop.call_later(_SECONDS, self.transport.close)

    def linger_after_answer(self) -> None:
        """Make the present answer the last, and close the connection after it in the same way."""
        self.cycle.transport = _LastAnswer(self)  # type: ignore[assignment]

    def drop(self, data: bytes) -> None:
        """Take what comes after the end."""
        self._dropped_bytes += len(data)
        if self._dropped_bytes > _BYTES:
            self.transport.close()


class _LastAnswer:
    """The transport of a connection's last answer, whose end does not close the connection at once."""

    def __init__(self, protocol: LingeringProtocol) -> None:
        self._protocol, transport = protocol, protocol.transport
        self.write, self.is_closing = transport.write, transport.is_closing

    def close(self) -> None:
        self._protocol.linger()
