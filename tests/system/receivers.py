"""Receivers of webhooks in this process: each path of a port behaves in a way of its own, and remembers what it got."""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from attrs import define, frozen

Respond = Callable[[int], tuple[int, Mapping[str, str]] | None]
"""The status and headers of the response to the request with that number on its path, from 0; None for a response that
never comes."""
MAX_HANG_SECONDS: Final = 60
SLOW_SECONDS: Final = 0.3


@frozen
class Message:
    """A message as it came, when, by the monotonic clock, and the status with which it was answered; 0 for none."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    status: int


@define
class Receivers:
    """The receivers of a port, and their messages."""

    port: int
    messages: list[Message]

    def url(self, path: str) -> str:
        """Build the URL of a receiver."""
        return f"http://127.0.0.1:{self.port}{path}"

    def got(self, path: str) -> list[Message]:
        """List the messages of a receiver."""
        return [one for one in list(self.messages) if one.path == path]


@contextmanager
def receivers(behaviours: Mapping[str, Respond], port: int = 0, slow: Collection[str] = ()) -> Iterator[Receivers]:
    """Listen for the block, with a behaviour for each path, of which some take their time."""
    messages: list[Message] = []
    lock, over = threading.Lock(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            at, body = time.monotonic(), self.rfile.read(int(self.headers.get("content-length", 0)))
            with lock:
                number = sum(one.path == self.path for one in messages)
                response = behaviours[self.path](number)
                status = 0 if response is None else response[0]
                messages.append(Message(self.path, dict(self.headers.items()), body, at, status))
            if response is None:
                over.wait(MAX_HANG_SECONDS)
                return
            if self.path in slow:
                over.wait(SLOW_SECONDS)
            self.send_response(status)
            for name, value in {"Content-Length": "0", **response[1]}.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self) -> None:
            """Remember a redirect that was followed."""
            self.do_POST()

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            """Write no log."""

    class Server(ThreadingHTTPServer):
        daemon_threads, block_on_close, request_queue_size = True, False, 64

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing of a client that has gone, as those of killed processes have."""

    with Server(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Receivers(server.server_port, messages)
        finally:
            over.set()
            server.shutdown()
            thread.join()
