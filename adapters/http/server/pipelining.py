"""Sequential handling of pipelined requests: the next request of a connection is parsed after the answer to the last.

uvicorn parses whole reads, and makes objects for each request in them. Here input is parsed in pieces that end with
their request (`framing`). The rest of a read waits, nothing more is read meanwhile, and so TCP makes the client wait.
Between two requests of one connection the event loop serves all others. The waiting bytes of all connections together
are bounded too: beyond that a connection is closed after its present answer, which a client has to expect when it
pipelines (RFC 9112, section 9.3.2).
"""

import asyncio
from typing import Any, ClassVar, Final

import httptools
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from adapters.http.problems.types import MALFORMED_REQUEST, ProblemType
from adapters.http.server.framing import Framing, InvalidChunkSize
from adapters.http.server.ignored_upgrades import parser_of_body
from adapters.http.server.lingering import LingeringProtocol
from adapters.http.server.read_ahead import Flow, ReadAhead
from adapters.http.server.request_heads import Head, read_head

_PIECES_AT_ONCE: Final = 32
"""So many pieces are parsed before other connections get their turn: usually a request has one or two."""


class Refusal(Exception):
    """Raised in the parser's callbacks, so that the parser stops. The connection is closed with that problem."""

    def __init__(self, kind: ProblemType) -> None:
        self.kind = kind


class SequentialProtocol(LingeringProtocol):
    """One connection. `read_ahead` is shared by all of a server's."""

    read_ahead: ClassVar[ReadAhead]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parser.set_dangerous_leniencies(lenient_version=True)  # `read_head` judges it, with a better answer
        self._parser_of_heads = self.parser
        self._framing = Framing()
        self._backlog, self._at, self._held_bytes = b"", 0, 0
        self._is_whole = self._in_head = self._is_held = False
        self._body_of_upgrade: int | None = 0
        self._resumption: asyncio.Handle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow: Flow = Flow(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget_backlog()

    def data_received(self, data: bytes) -> None:
        if self.has_ended:
            self.drop(data)
            return
        self._unset_keepalive_if_required()
        is_waiting = self.has_backlog
        self._backlog, self._at = self._backlog[self._at :] + data if is_waiting else data, 0
        if not is_waiting:
            self._parse_on()

    @property
    def has_backlog(self) -> bool:
        """Tell whether there is input that has not been parsed."""
        return self._at < len(self._backlog)

    @property
    def is_idle(self) -> bool:
        """Tell whether every request has been answered."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def refuse(self, kind: ProblemType) -> None:
        """Answer outside the application, and close the connection."""
        raise NotImplementedError

    def linger(self) -> None:
        super().linger()
        self._forget_backlog()
        self.flow.resume_reading()

    def parse(self, piece: bytes | memoryview) -> None:
        """Have a piece parsed, which holds no more than one request."""
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            self._ignore_upgrade()
        except httptools.HttpParserError as error:
            self.refuse(_problem_of(error))

    def on_message_begin(self) -> None:
        if not (self.is_idle and self._framing.in_head):
            raise Refusal(MALFORMED_REQUEST)  # the parser and `framing` disagree, so one of them is wrong
        super().on_message_begin()
        self._is_whole, self._in_head = False, True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # a trailer must not be taken for a header (RFC 9110, section 6.5.1)
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        head = read_head(bytes(self._framing.request_line), self.headers)
        if isinstance(head, ProblemType):
            raise Refusal(head)
        self._in_head, self.url, self.expect_100_continue = False, head.target, head.expects_continue
        self._address(head)
        self._framing.expect_body(head.body_bytes)
        self._body_of_upgrade = head.body_bytes if self.parser.should_upgrade() else 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self._body_of_upgrade == 0:
            self._is_whole = True
            super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.has_backlog and self._resumption is None and not self.has_ended:
            self._unset_keepalive_if_required()
            self._resumption = self.loop.call_soon(self._parse_on)

    def _address(self, head: Head) -> None:
        """Replace `Host` with the authority of an absolute-form target (RFC 9112, section 3.2.2)."""
        if head.authority is not None:
            others = [one for one in self.headers if one[0] != b"host"]
            self.headers[:] = [(b"host", head.authority), *others]

    def _ignore_upgrade(self) -> None:
        """Stay with HTTP/1.1 (RFC 9110, section 7.8). httptools takes no body of such a request for one."""
        if self._body_of_upgrade != 0:
            self._parser_of_heads = self.parser
            self.parser = parser_of_body(self._body_of_upgrade, self.on_body, self._end_body_of_upgrade)
            self._body_of_upgrade = 0

    def _end_body_of_upgrade(self) -> None:
        self.parser = self._parser_of_heads
        self.on_message_complete()

    def _parse_on(self) -> None:
        self._resumption = None
        for _ in range(_PIECES_AT_ONCE):
            if not self.has_backlog or self._is_unanswered() or self.has_ended:
                break
            self._parse_piece()
        self.settle()

    def _parse_piece(self) -> None:
        begin = self._at
        try:
            self._at = self._framing.piece_end(self._backlog, begin)
        except InvalidChunkSize:
            self.refuse(MALFORMED_REQUEST)
        else:
            is_all = self._at - begin == len(self._backlog)
            self.parse(self._backlog if is_all else memoryview(self._backlog)[begin : self._at])

    def settle(self) -> None:
        """Keep the unparsed input as a backlog, unless it will never be parsed."""
        if self._at == len(self._backlog):
            self._forget_backlog()
            return
        is_unanswered = self._is_unanswered()
        if self.has_ended or (is_unanswered and not self._may_wait()):
            self._forget_backlog()
            return
        self._is_held = True
        self.flow.hold(backlog=True)
        if not is_unanswered and self._resumption is None:
            self._resumption = self.loop.call_soon(self._parse_on)

    def _is_unanswered(self) -> bool:
        return self._is_whole and not self.is_idle

    def _may_wait(self) -> bool:
        """Tell whether the connection continues after the present answer; not if too much input waits already."""
        if self.cycle.keep_alive and not self._held_bytes:
            self.cycle.keep_alive = self.read_ahead.hold(len(self._backlog))
            self._held_bytes = len(self._backlog) if self.cycle.keep_alive else 0
        if not self.cycle.keep_alive:
            self.linger_after_answer()
        return bool(self.cycle.keep_alive)

    def _forget_backlog(self) -> None:
        self._backlog, self._at = b"", 0
        if not self._is_held:
            return
        self._is_held = False
        self.read_ahead.held_bytes -= self._held_bytes
        self._held_bytes = 0
        if self._resumption is not None:
            self._resumption.cancel()
            self._resumption = None
        if self.flow is not None:
            self.flow.hold(backlog=False)


def _problem_of(error: httptools.HttpParserError) -> ProblemType:
    """Choose the problem to refuse with. A callback's exception that is no refusal is a bug, and is raised again."""
    cause = error.__context__
    if isinstance(cause, Refusal):
        return cause.kind
    if cause is None or isinstance(cause, httptools.HttpParserError):
        return MALFORMED_REQUEST
    raise error
