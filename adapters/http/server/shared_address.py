"""Takeover of connections to an address that several processes share, each with listening sockets of its own.

The kernel assigns a connection to one socket when it is made, also while the process behind that socket is dead or
hangs. So each process looks at the sockets of the others, and accepts what they have left waiting.
"""

import asyncio
import logging
import select
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

log: Final = logging.getLogger(__name__)

MOST_TAKEN: Final = 64
"""Connections taken from one socket in one look. The rest is for the next look, or for another process."""


class Takeover:
    """Takes over connections that other processes leave waiting from one look to the next, so never at the first.

    The protocols that `make_protocol` makes for them have the same limits as for any other connection.
    """

    def __init__(self, sockets: Sequence[socket.socket], make_protocol: Callable[[], asyncio.Protocol]) -> None:
        self._sockets = {one.fileno(): one for one in sockets}
        self._make_protocol = make_protocol
        self._waiting = self._late = frozenset[int]()
        self._cannot_accept = False
        self._adoptions = set[asyncio.Task[object]]()
        self._poll = select.poll()
        for one in sockets:
            one.setblocking(False)
            self._poll.register(one, select.POLLIN)

    def look(self) -> None:
        """Take from the sockets where connections wait now, and waited at the last look too."""
        waiting = frozenset(descriptor for descriptor, _ in self._poll.poll(0))
        late = waiting & self._waiting
        if late - self._late:
            log.info("taking over connections that another API process leaves waiting")
        for descriptor in late:
            self._take_from(self._sockets[descriptor])
        self._waiting, self._late = waiting, late

    def close(self) -> None:
        """Close the sockets in this process, and look at none any more."""
        for descriptor, one in self._sockets.items():
            self._poll.unregister(descriptor)
            one.close()
        self._sockets, self._waiting = {}, frozenset()

    def _take_from(self, listener: socket.socket) -> None:
        try:
            for _ in range(MOST_TAKEN):
                self._adopt(listener.accept()[0])
        except BlockingIOError:  # no more: its own process, or another one, was faster
            self._cannot_accept = False
        except OSError as error:  # such as too many open files; the connection goes on waiting
            if not self._cannot_accept:
                log.warning("cannot take over a connection: %s", error)
            self._cannot_accept = True

    def _adopt(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        adopting = asyncio.get_running_loop().connect_accepted_socket(self._make_protocol, connection)
        task: asyncio.Task[object] = asyncio.create_task(adopting)
        self._adoptions.add(task)
        task.add_done_callback(partial(self._adopted, connection))

    def _adopted(self, connection: socket.socket, task: "asyncio.Task[object]") -> None:
        self._adoptions.discard(task)
        if task.cancelled() or task.exception() is not None:
            log.warning(
                "lost a connection that was taken over", exc_info=None if task.cancelled() else task.exception()
            )
            connection.close()
