"""Connections that are closed while their clients may still be sending (RFC 9112, section 9.6).

Closing with unread input resets a connection, and a reset can overtake the answer. So the answer is followed by the
end of the stream alone, and what still comes is dropped: until the client closes too, for a while, or up to some bytes.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from adapters.http.server.joined_writes import JoinedWrites
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

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.answer = JoinedWrites(self.transport, self.cycle)
        self.cycle.transport = self.answer  # type: ignore[assignment]

    def on_response_complete(self) -> None:
        self.answer.flush()
        super().on_response_complete()

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
        self.answer.end = self.linger

    def drop(self, data: bytes) -> None:
        """Take what comes after the end."""
        self._dropped_bytes += len(data)
        if self._dropped_bytes > _BYTES:
            self.transport.close()
