"""One request on one connection, and the part of its response that is kept.

Imported with the first message, since httpcore takes 40 ms.

Every connection is new and closed after its response, so a resolution is never used twice, and there is no pool, proxy,
redirect, cookie or decompression.
"""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from ssl import SSLError
from typing import Any, Final, TypeAlias

import httpcore
from attrs import frozen

from adapters.webhooks.connecting import Streams, tls_reason
from adapters.webhooks.retry_after import retry_after
from adapters.webhooks.target import Target
from domain.deliveries import MAX_RESPONSE_CHARACTERS, NoResponse, Responded, SendFault, SendOutcome
from domain.text_limits import sanitize

logging.getLogger("httpcore").setLevel(logging.WARNING)  # its debug lines quote what a receiver sent

Headers: TypeAlias = Sequence[tuple[str, str]]
MAX_READS: Final = 1_000


class _TooLong(Exception):
    """The receiver has sent more than is read."""


@frozen(kw_only=True)
class Bounds:
    """The seconds that a message may take in all, since it `began` by the event loop's clock, and the bytes read of its
    response."""

    began: float
    seconds: float
    bytes: int

    @property
    def deadline(self) -> float:
        """The end of the time."""
        return self.began + self.seconds


class _BoundedStream(httpcore.AsyncNetworkStream):
    """A connection of which up to `most` bytes are read, heads, interim responses and frames of pieces among them, and
    not in more than `MAX_READS` steps: each takes a processor some 50 µs, for as little as a byte."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, most: int) -> None:
        self._reader, self._writer, self._most = reader, writer, most
        self._received = self._reads = 0

    @property
    def is_silent(self) -> bool:
        """True if the receiver has sent nothing."""
        return self._received == 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        if self._received >= self._most or self._reads >= MAX_READS:
            raise _TooLong
        self._reads += 1
        try:
            data = await self._reader.read(min(max_bytes, self._most - self._received))
        except OSError as error:
            raise httpcore.ReadError from error
        self._received += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:  # httpcore reads a response that came before the end of the request
            raise httpcore.WriteError from error

    async def aclose(self) -> None:
        self._writer.transport.abort()

    def get_extra_info(self, info: str) -> Any:
        return None


async def exchange(streams: Streams, request: httpcore.Request, bounds: Bounds, at: datetime) -> SendOutcome:
    """Send a request and read its response. A status is an answer, however its body ends: it decides about a retry.

    `at` is the present time, for a date in `Retry-After`.
    """
    stream = _BoundedStream(*streams, bounds.bytes)
    async with httpcore.AsyncHTTP11Connection(request.url.origin, stream) as connection:
        try:
            async with asyncio.timeout_at(bounds.deadline):
                response = await connection.handle_async_request(request)
        except TimeoutError:
            return NoResponse(SendFault.TIMED_OUT, f"no response within {bounds.seconds:g} s")
        except (httpcore.NetworkError, httpcore.RemoteProtocolError, _TooLong) as error:
            return _failure(error, stream)
        text = await _beginning(response, bounds)
    wait = _header(response, b"retry-after")
    return Responded(response.status, text, None if wait is None else retry_after(wait, at))


def request_to(target: Target, headers: Headers, body: bytes) -> httpcore.Request:
    """Create the request that sends a message."""
    return httpcore.Request(
        "POST",
        httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path),
        headers=[
            ("host", target.authority),
            ("content-length", str(len(body))),
            ("accept-encoding", "identity"),
            ("connection", "close"),
            *headers,
        ],
        content=body,
    )


async def _beginning(response: httpcore.Response, bounds: Bounds) -> str:
    """Read the response to its end or to a bound, and return the beginning of its text. Nothing is decompressed."""
    kept = bytearray()
    with suppress(TimeoutError, httpcore.NetworkError, httpcore.RemoteProtocolError, _TooLong):
        async with asyncio.timeout_at(bounds.deadline):
            async for piece in response.aiter_stream():
                kept += piece[: MAX_RESPONSE_CHARACTERS - len(kept)]
    is_plain = (_header(response, b"content-encoding") or b"identity").strip().lower() == b"identity"
    return sanitize(kept.decode(errors="replace")) if is_plain else ""


def _header(response: httpcore.Response, name: bytes) -> bytes | None:
    return next((value for given, value in response.headers if given.lower() == name), None)


def _failure(error: Exception, stream: _BoundedStream) -> NoResponse:
    """Tell why there is no response, without the library's words, which quote the receiver."""
    if isinstance(error.__cause__, SSLError):
        return NoResponse(SendFault.TLS_FAILED, tls_reason(error.__cause__))
    if isinstance(error, _TooLong):
        return NoResponse(SendFault.NO_HTTP, "too much before the end of the response's head")
    if isinstance(error, httpcore.NetworkError) or stream.is_silent:
        return NoResponse(SendFault.CONNECTION_FAILED, "the connection was closed without a response")
    return NoResponse(SendFault.NO_HTTP, "what came is not a response of HTTP/1.1")
