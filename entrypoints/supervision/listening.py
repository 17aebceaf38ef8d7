"""The address on which the API's processes listen: it must be free, and several of them share it.

Each process has listening sockets of its own, among which the kernel distributes connections evenly (`SO_REUSEPORT`).
From a common socket, the process that is awake takes a whole burst of connections, and the others stay idle.
"""

import errno
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, Final

from attrs import frozen

from entrypoints.configuration.settings import Settings

_PORT_SECONDS: Final = 3
_BACKLOG: Final = 2_048
_ABSENT: Final = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""A host name may have addresses of a family that this machine does not use."""


class StartFailed(Exception):
    """The service cannot start. The message is one line for the operator."""


@frozen
class SharedAddress:
    """The listening sockets of each process, for all addresses of the host."""

    of_processes: Sequence[Sequence[socket.socket]]

    @property
    def sockets(self) -> Sequence[socket.socket]:
        """The sockets of all processes."""
        return [one for sockets in self.of_processes for one in sockets]

    def close(self) -> None:
        """Stop listening in this process; those that inherited the sockets go on."""
        for one in self.sockets:
            one.close()


def await_port(settings: Settings) -> None:
    """Ensure that the API will be able to listen; the port of a service killed just now gets a moment to be free."""
    deadline = time.monotonic() + _PORT_SECONDS
    while error := _listening_fails(settings):
        if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            raise _start_failed(settings, error) from error
        time.sleep(0.05)


@contextmanager
def shared_address(settings: Settings) -> Iterator[SharedAddress]:
    """Listen for the API's processes if there are several, so that no connection is lost while one of them restarts:
    the others take it. A single one listens by itself. Raises `StartFailed`."""
    if settings.api_processes == 1:
        yield SharedAddress([])
        return
    with ExitStack() as stack:
        try:
            of_addresses = _on_addresses(settings, partial(_listen_together, stack, settings.api_processes))
        except OSError as error:
            raise _start_failed(settings, error) from error
        yield SharedAddress([*zip(*of_addresses, strict=True)])


def _start_failed(settings: Settings, error: OSError) -> StartFailed:
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    wrong = "BATEIA_PORT" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "BATEIA_HOST"
    return StartFailed(f"cannot listen on {settings.host}:{settings.port}: {why}; set {wrong}")


def _listening_fails(settings: Settings) -> OSError | None:
    with ExitStack() as stack:
        try:
            _on_addresses(settings, partial(_listen_together, stack, 1))
        except OSError as error:
            return error
    return None


def _on_addresses(
    settings: Settings, listen: Callable[[socket.AddressFamily, Any], Sequence[socket.socket]]
) -> Sequence[Sequence[socket.socket]]:
    """Listen on all addresses of the host, of which the machine may lack some."""
    found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    listening, absent = list[Sequence[socket.socket]](), list[OSError]()
    for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
        try:
            listening.append(listen(family, address))
        except OSError as error:
            if error.errno not in _ABSENT:
                raise
            absent.append(error)
    if not listening:
        raise absent[0]
    return listening


def _listen_together(
    stack: ExitStack, processes: int, family: socket.AddressFamily, address: Any
) -> Sequence[socket.socket]:
    """Listen on an address with one socket for each process.

    The first is bound without `SO_REUSEPORT`, which fails while any other socket has the address, also one that
    another service of the same user shares among its processes. Only then may the others join it.
    """
    first = stack.enter_context(socket.create_server(address, family=family, backlog=_BACKLOG))
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    more = (
        socket.create_server(address, family=family, backlog=_BACKLOG, reuse_port=True) for _ in range(1, processes)
    )
    return [first, *(stack.enter_context(one) for one in more)]
