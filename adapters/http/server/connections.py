"""Connections: uvicorn's protocol on httptools, and the limits that neither of the two sets.

httptools buffers a header until it is complete, however long it grows, and uvicorn waits for it for ever; its
keep-alive timeout runs only between requests. So a head is limited in bytes and seconds here, the parser's later
buffers (trailers, the extensions of chunks) to as many bytes, a client has to read its responses, and the number of
connections is limited. The modules that read bodies limit their time and size.
"""

import asyncio
import logging
from functools import partial
from typing import Any, ClassVar, Final

from attrs import frozen
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from adapters.http.language import Language
from adapters.http.problems.details import ProblemDetails
from adapters.http.problems.rendering import PROBLEM_JSON, Audience, problem_bytes
from adapters.http.problems.types import HEAD_TOO_LARGE, REQUEST_TIMEOUT, ProblemType
from adapters.http.server.connection_limit import CROWDED
from adapters.http.server.correlation import REQUEST_ID
from adapters.http.server.cross_origin import ISOLATION
from adapters.http.server.pipelining import Refusal, SequentialProtocol
from adapters.http.server.read_ahead import READ_AHEAD_BYTES, ReadAhead
from adapters.http.server.response_rate import Peer, ResponseRate
from application.ports.system import NewId
from domain.hint import hint

log: Final = logging.getLogger(__name__)

_FIELD_BYTES: Final = len(": \r\n")
_UNCOUNTED_BYTES: Final = 1024
"""The bytes of a head beside its names and values, which are not worth counting exactly."""
_SPARE: Final = 256
"""Connections beyond the maximum that are still answered with a refusal."""
_UNSENT_BYTES: Final = 16 * 1024
"""Beyond this the transport accepts no more of a response: a client that reads nothing holds at least as much."""


_ISOLATION: Final = "".join(f"{name.decode()}: {value.decode()}\r\n" for name, value in ISOLATION)


@frozen(kw_only=True)
class Bounds:
    """Limits of one process. `unread_seconds` is the window over which a client must read 1 KiB a second.

    `read_ahead_bytes` is what may wait behind the present requests of all connections together.
    """

    new_id: NewId
    root_path: str = ""
    head_bytes: int = 32 * 1024
    head_seconds: float = 10.0
    unread_seconds: float = 30.0
    connections: int = 10_000
    read_ahead_bytes: int = READ_AHEAD_BYTES


def protocol_within(bounds: Bounds) -> type[HttpToolsProtocol]:
    """Derive the protocol class with these bounds, as uvicorn takes it."""
    own = {"bounds": bounds, "read_ahead": ReadAhead(bounds.read_ahead_bytes)}
    return type("BoundedProtocol", (BoundedProtocol,), own)


class BoundedProtocol(SequentialProtocol):
    """One connection. See uvicorn's class for the life of a request; each method here adds to one of its steps."""

    bounds: ClassVar[Bounds]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_deadline: asyncio.TimerHandle | None = None
        self._head_bytes = self._kept_bytes = 0
        self._gave = self._begun = False
        self._crowded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        peer = Peer(transport)
        peer.keep_little_unsent()
        transport.set_write_buffer_limits(high=_UNSENT_BYTES, low=0)
        self._rate = ResponseRate(peer.taken_bytes, self.bounds.unread_seconds, partial(self._give_up, peer))
        self._await_head()
        self._crowded = len(self.connections) > self.bounds.connections
        if len(self.connections) > self.bounds.connections + _SPARE:
            log.warning("dropped a connection: %d are open", len(self.connections))
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._head_arrived()
        self.resume_writing()

    def parse(self, piece: bytes | memoryview) -> None:
        self._gave = False
        super().parse(piece)
        self._kept_bytes = 0 if self._gave else self._kept_bytes + len(piece)
        if self._kept_bytes > self.bounds.head_bytes + _UNCOUNTED_BYTES:
            self.refuse(HEAD_TOO_LARGE)

    def settle(self) -> None:
        super().settle()
        if self.is_idle:
            self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes, self._begun = 0, True

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value) + _FIELD_BYTES)

    def on_headers_complete(self) -> None:
        self._head_arrived()
        self._gave, self._begun = True, False
        self.scope["state"][CROWDED] = self._crowded
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._gave = True
        super().on_body(body)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._kept_bytes = 0

    def pause_writing(self) -> None:
        super().pause_writing()
        self._rate.pause()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._rate.resume()

    def _count(self, size_bytes: int) -> None:
        self._head_bytes += size_bytes
        if self._head_bytes > self.bounds.head_bytes:
            raise Refusal(HEAD_TOO_LARGE)

    def _await_head(self) -> None:
        if self._head_deadline is None and not self.has_ended:
            self._head_deadline = self.loop.call_later(self.bounds.head_seconds, self._head_is_late)

    def _head_arrived(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _head_is_late(self) -> None:
        """Refuse a client that has begun a request with 408; close an idle connection."""
        self._head_deadline = None
        if self._begun:
            self.refuse(REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def refuse(self, kind: ProblemType) -> None:
        """Answer outside the application, unless it is answering already, and close the connection."""
        if self.has_ended:
            return
        if self.is_idle or not self.cycle.response_started:
            request_id = str(self.bounds.new_id())
            log.info("closed a connection: %s, request %s", kind.slug, request_id, extra={"request_id": request_id})
            self.transport.write(_answer(kind, request_id, self.bounds.root_path))
        self.linger()

    def _give_up(self, peer: Peer) -> None:
        log.info("closed a connection: the client reads its response too slowly")
        peer.reset()


def _answer(kind: ProblemType, request_id: str, root_path: str) -> bytes:
    """Write the response of a request that was not read, so neither its language nor its host is known."""
    body = problem_bytes(ProblemDetails(hint(kind.slug)), f"{root_path}/", Audience(root_path=root_path))
    head = (
        f"content-type: {PROBLEM_JSON}\r\ncontent-length: {len(body)}\r\n"
        f"content-language: {Language.ENGLISH}\r\n{_ISOLATION}"
        f"{REQUEST_ID.lower()}: {request_id}\r\nconnection: close\r\n\r\n"
    )
    return STATUS_LINE[kind.status] + head.encode("ascii") + body
