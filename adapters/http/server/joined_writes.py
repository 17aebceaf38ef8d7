"""Answers whose head and first piece of content are one write, and so one segment: every write is sent at once.

uvicorn writes the head by itself, and the first piece right after it, or as soon as there is one.
"""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle


class JoinedWrites:
    """The transport of one answer, which holds its head back until there is more to write, or no more to come.

    `end` is called where uvicorn closes the connection behind the answer.
    """

    def __init__(self, transport: asyncio.Transport, cycle: RequestResponseCycle) -> None:
        self._transport = transport
        self._awaiting_head: RequestResponseCycle | None = cycle
        self._head = b""
        self.end: Callable[[], object] = transport.close
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        """Write what uvicorn writes. Before an answer, that is `100 Continue`, for which the client waits."""
        if self._awaiting_head is not None and self._awaiting_head.response_started:
            self._head = data
            self._awaiting_head = (
                None  # it has this object: both, and the request, would wait for the garbage collector
            )
        else:
            self._transport.write(self._head + data)
            self._head = b""

    def flush(self) -> None:
        """Write a head behind which nothing comes."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        """End the connection behind what was written."""
        self.flush()
        self.end()
