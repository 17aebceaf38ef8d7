"""Connections to an address that several processes share, each with a listening socket of its own.

The kernel assigns a connection to one socket when it comes, even if the process behind it has just died or hangs. What
the others have left waiting there for a moment is therefore taken over.
"""

import asyncio
import logging
import select
import socket
from collections.abc import Callable, Sequence
from typing import Final

log: Final = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.1
"""The time between looks: a connection waits at most two of them before another process takes it."""
_MOST_TAKEN: Final = 64
"""Connections taken from one socket in one look: the rest is for the next look, or for another process."""


class Takeover:
    """Takes over connections from sockets of other processes that leave them waiting from one look to the next."""

    def __init__(self, sockets: Sequence[socket.socket], make_protocol: Callable[[], asyncio.Protocol]) -> None:
        self._sockets = {one.fileno(): one for one in sockets}
        self._make_protocol = make_protocol
        self._left_waiting: frozenset[int] = frozenset()
        self._poll = select.poll()
        for one in sockets:
            one.setblocking(False)
            self._poll.register(one, select.POLLIN)

    async def look(self) -> None:
        """Take what waits now where something waited at the last look too."""
        waiting = frozenset(descriptor for descriptor, _ in self._poll.poll(0))
        for descriptor in waiting & self._left_waiting:
            await self._take_from(self._sockets[descriptor])
        self._left_waiting = waiting

    async def _take_from(self, listener: socket.socket) -> None:
        loop, taken = asyncio.get_running_loop(), 0
        while taken < _MOST_TAKEN and (connection := _accept(listener)) is not None:
            await loop.connect_accepted_socket(self._make_protocol, connection)
            taken += 1
        if taken:
            log.warning("took over %d connections that another API process had left waiting", taken)


def _accept(listener: socket.socket) -> socket.socket | None:
    try:
        return listener.accept()[0]
    except OSError as error:  # its process, or another one, was faster; or this one has no descriptor left
        if not isinstance(error, BlockingIOError):
            log.warning("cannot take over a connection: %s", error)
        return None
