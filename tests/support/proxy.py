"""A network between a service and its database that a test can slow down and cut.

A cut stops the bytes without any notice: connections stay open, new ones are accepted and get no answer.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Proxy:
    """Forwards TCP connections from `address` to a server. `delay_seconds` holds back each piece of what passes."""

    def __init__(self, server_url: str, host: str = "127.0.0.1", port: int = 0) -> None:
        self._url = urlsplit(server_url)
        self._listener = socket.create_server((host, port))
        self.address: tuple[str, int] = self._listener.getsockname()
        self.delay_seconds = 0.0
        self._flows, self._closed = threading.Event(), threading.Event()
        self._flows.set()
        self._sockets = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The server's URL, by way of this proxy."""
        place = f"{self._url.username}:{self._url.password}@{self.address[0]}:{self.address[1]}"
        return self._url._replace(netloc=place).geturl()

    def cut(self) -> None:
        """Let nothing pass from now on."""
        self._flows.clear()

    def mend(self) -> None:
        """Let everything pass again, first the bytes that were held back."""
        self._flows.set()

    def close(self) -> None:
        """End every connection."""
        self._closed.set()
        self._flows.set()
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._flows.wait()
        with suppress(OSError):
            server = socket.create_connection((self._url.hostname or "", self._url.port or 0))
            self._sockets.append(server)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._pump, args=(server, client), daemon=True).start()
            self._pump(client, server)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                self._closed.wait(self.delay_seconds)
                self._flows.wait()
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@contextmanager
def a_proxy(server_url: str, host: str = "127.0.0.1", port: int = 0) -> Iterator[Proxy]:
    """Run a proxy for the block, on any free port unless one is named."""
    proxy = Proxy(server_url, host, port)
    try:
        yield proxy
    finally:
        proxy.close()
