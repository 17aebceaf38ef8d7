"""Boundaries of the requests on a connection (RFC 9112, sections 2.2, 6 and 7.1), found before the bytes are parsed.

httptools parses its whole input, however many requests that is. So it gets pieces that end, at the latest, where a
request ends. Requests are not validated here: malformed input reaches the parser, which refuses it.
"""

import re
from typing import Final

_CHUNKS_A_PIECE: Final = 512
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,16})[;\r]")
_END_OF_HEAD: Final = b"\r\n\r\n"


class InvalidChunkSize(Exception):
    """A chunk has no size, or one that takes more than 64 bits to write."""


class Framing:
    """The position of a connection's input within its present request."""

    def __init__(self) -> None:
        self.request_line = bytearray()
        """The first line of the present head, as far as it has come, its end included."""
        self._tail = b""
        self._begin_head()

    def piece_end(self, data: bytes, at: int) -> int:
        """Find the end of the piece that begins at `at` and reaches into no later request. Each byte is passed once.

        Raises `InvalidChunkSize`, after which nothing more can be read from the connection.
        """
        if self.in_head:
            return self._head(data, at)
        return self._chunks(data, at) if self._chunked else self._fixed(data, at)

    def expect_body(self, size_bytes: int | None) -> None:
        """Take what follows the head for a body of that size, or for chunks where there is none."""
        self.in_head, self._chunked, self._left_bytes = False, size_bytes is None, size_bytes or 0
        if size_bytes == 0:
            self._begin_head()

    def _begin_head(self) -> None:
        self.in_head, self._chunked, self._in_trailers, self._left_bytes = True, False, False, 0
        self._line, self.request_line = bytearray(), bytearray()

    def _head(self, data: bytes, at: int) -> int:
        if not self.request_line.endswith(b"\n"):
            end = data.find(b"\n", at) + 1
            self.request_line += data[at : end or len(data)]
            if self.request_line == b"\r\n":  # one may precede a request line
                self.request_line = bytearray()
                return end
        return self._end_of_head(data, at)

    def _end_of_head(self, data: bytes, at: int) -> int:
        """Find the end behind the empty line, which the last read may have begun."""
        found = (self._tail + data[at : at + 3]).find(_END_OF_HEAD)
        end = at - len(self._tail) + found if found >= 0 else data.find(_END_OF_HEAD, at)
        if end >= 0 or found >= 0:
            self._tail = b""
            return end + len(_END_OF_HEAD)
        self._tail = (self._tail + data[max(at, len(data) - 3) :])[-3:]
        return len(data)

    def _fixed(self, data: bytes, at: int) -> int:
        end = self._skip(data, at)
        if not self._left_bytes:
            self._begin_head()
        return end

    def _chunks(self, data: bytes, at: int) -> int:
        """Cut off many chunks as one piece, but not so many that the search for their ends delays other connections."""
        for _ in range(_CHUNKS_A_PIECE):
            at = self._skip(data, at)
            end = data.find(b"\n", at) + 1
            self._line += data[at : end or len(data)]
            if not end:
                return len(data)
            at = end
            if self._ends_with(bytes(self._line)):
                self._begin_head()
                break
            self._line = bytearray()
        return at

    def _ends_with(self, line: bytes) -> bool:
        """Take a line between chunks or of the trailers; whether it is the last of the body."""
        if self._in_trailers:
            return line == b"\r\n"
        size = _CHUNK_SIZE.match(line)
        if size is None:
            raise InvalidChunkSize
        size_bytes = int(size[1], 16)
        self._in_trailers = size_bytes == 0
        self._left_bytes = size_bytes + len(b"\r\n") if size_bytes else 0
        return False

    def _skip(self, data: bytes, at: int) -> int:
        skipped = min(self._left_bytes, len(data) - at)
        self._left_bytes -= skipped
        return at + skipped
