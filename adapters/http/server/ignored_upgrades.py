"""Bodies of requests that ask for another protocol, which is ignored here (RFC 9110, section 7.8).

httptools takes the bytes after such a head for the other protocol. So another of its parsers reads the body, after a
made-up head that announces it.
"""

from collections.abc import Callable

import httptools


class _Body:
    """The callbacks of a parser for a body alone."""

    def __init__(self, on_body: Callable[[bytes], None], on_end: Callable[[], None]) -> None:
        self.on_body, self.on_message_complete = on_body, on_end


def parser_of_body(
    size_bytes: int | None, on_body: Callable[[bytes], None], on_end: Callable[[], None]
) -> httptools.HttpRequestParser:
    """Create a parser for a body of that size, or for a chunked one if it is None. It reads nothing after the body."""
    parser = httptools.HttpRequestParser(_Body(on_body, on_end))
    announced = b"transfer-encoding: chunked" if size_bytes is None else b"content-length: %d" % size_bytes
    parser.feed_data(b"POST / HTTP/1.1\r\n" + announced + b"\r\n\r\n")
    return parser
