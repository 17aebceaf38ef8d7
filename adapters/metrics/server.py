"""A very small HTTP server for a process that has no other: its metrics, its health, and one request a connection.

The size and the duration of a request are bounded.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from adapters.metrics.metrics import Metrics

log: Final = logging.getLogger(__name__)

METRICS: Final = b"/metrics"
HEALTH: Final = b"/health"
_HEAD_BYTES: Final = 8 * 1024
_SECONDS: Final = 10.0
_CONNECTIONS: Final = 16


class CannotServe(Exception):
    """The port is not available. The message is the reason, in one line."""


@asynccontextmanager
async def serving(metrics: Metrics, works: Callable[[], bool], host: str, port: int) -> AsyncIterator[int]:
    """Answer on that port while the block lasts, and provide the port. `works` is the health. Raises `CannotServe`."""
    free = asyncio.Semaphore(_CONNECTIONS)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS), free:
                writer.write(await _answer(metrics, works, await reader.readuntil(b"\r\n\r\n")))
                await writer.drain()
        except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError) as error:
            log.info("a metrics or health request failed: %s", type(error).__name__)
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(answer, host, port, limit=_HEAD_BYTES)
    except OSError as error:
        raise CannotServe(f"cannot serve metrics on {host}:{port}: {error.strerror}") from error
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def _answer(metrics: Metrics, works: Callable[[], bool], head: bytes) -> bytes:
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0]
    if path not in (METRICS, HEALTH):
        return _response("404 Not Found", "text/plain", b"Not found. Use /metrics or /health.\n")
    if method not in (b"GET", b"HEAD"):
        return _response("405 Method Not Allowed", "text/plain", b"", "Allow: GET, HEAD\r\n")
    if path == HEALTH:
        return _response("200 OK" if works() else "503 Service Unavailable", "text/plain", b"")
    exposed = await metrics.expose(b"application/openmetrics-text" in head.lower())
    return _response("200 OK", exposed.media_type, exposed.text, with_body=method == b"GET")


def _response(status: str, media_type: str, text: bytes, more: str = "", with_body: bool = True) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(text)}\r\n"
        f"{more}Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + (text if with_body else b"")
