"""The worker's end of the stream to a child: the request goes out while the answer comes in, so neither waits.

The answer is collected, up to a bound, and not interpreted.
"""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

_CHUNK_BYTES: Final = 256 * 1024


async def exchange(stream: socket.socket, request: Sequence[bytes], most: int) -> tuple[bytearray, bool]:
    """Send the request and receive until the child hangs up or exceeds `most` bytes, which the result's flag tells."""
    rest = _send_at_once(stream, request)
    if not rest:
        return await _receive(stream, most)
    sender = asyncio.create_task(_send(stream, rest))
    try:
        return await _receive(stream, most)
    finally:
        sender.cancel()
        await asyncio.gather(sender, return_exceptions=True)


def _send_at_once(stream: socket.socket, request: Sequence[bytes]) -> list[memoryview]:
    """Send as much as the stream takes without waiting, which is all of a small request; return the rest."""
    parts = [memoryview(part) for part in request]
    try:
        sent = stream.sendmsg(parts)
    except ConnectionError:  # the child has ended; its exit status is read elsewhere
        return []
    except BlockingIOError:
        return parts
    while parts and sent >= len(parts[0]):
        sent -= len(parts.pop(0))
    if parts:
        parts[0] = parts[0][sent:]
    return parts


async def _send(stream: socket.socket, parts: Sequence[memoryview]) -> None:
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        for part in parts:
            await loop.sock_sendall(stream, part)


async def _receive(stream: socket.socket, most: int) -> tuple[bytearray, bool]:
    loop, answer = asyncio.get_running_loop(), bytearray()
    with suppress(ConnectionError):  # it left bytes unread as it ended
        while chunk := await loop.sock_recv(stream, _CHUNK_BYTES):
            answer += chunk
            if len(answer) > most:
                return answer, True
    return answer, False
