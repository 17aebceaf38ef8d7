"""The address on which the API's processes listen: it must be free, and several of them share it.

Each process has a listening socket of its own, among which the kernel distributes connections evenly (`SO_REUSEPORT`).
From a common socket, the process that is awake first takes a whole burst of connections, and the others stay idle.
"""

import errno
import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from entrypoints.configuration.settings import Settings

_PORT_SECONDS: Final = 3
_BACKLOG: Final = 2_048


class StartFailed(Exception):
    """The service cannot start. The message is one line for the operator."""


def await_port(settings: Settings) -> None:
    """Ensure that the API will be able to listen; the port of a service killed just now gets a moment to be free."""
    deadline = time.monotonic() + _PORT_SECONDS
    while error := _listening_fails(settings):
        if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            wrong = "BATEIA_PORT" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "BATEIA_HOST"
            raise StartFailed(f"cannot listen on {settings.host}:{settings.port}: {why}; set {wrong}") from error
        time.sleep(0.05)


def _listening_fails(settings: Settings) -> OSError | None:
    try:
        listener_of(settings).close()
    except OSError as error:
        return error
    return None


def listener_of(settings: Settings) -> socket.socket:
    """Listen where the API is to listen, alone. Raises `OSError`."""
    return _listen(settings, is_shared=False)


@contextmanager
def shared_listeners(settings: Settings, count: int) -> Iterator[Sequence[socket.socket]]:
    """Listen on so many sockets with the same address. Raises `OSError`."""
    with ExitStack() as stack:
        yield [stack.enter_context(_listen(settings, is_shared=True)) for _ in range(count)]


def _listen(settings: Settings, is_shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=_BACKLOG, reuse_port=is_shared)
