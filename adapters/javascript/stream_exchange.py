"""The worker's end of the stream to a child: the request goes out while the answer comes in, so neither waits.

The answer is collected, up to a bound, and not interpreted, but for the lengths of its frames, which tell where it ends
if the child is to serve another run.
"""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import Final

from attrs import field, frozen

from adapters.javascript import wire

_CHUNK_BYTES: Final = 256 * 1024


class AnswerEnd(Enum):
    """The end of an answer: the child hung up, it sent too much, or it claims to be ready for another run."""

    HANG_UP = auto()
    FLOOD = auto()
    READY = auto()


@frozen
class Answer:
    """The bytes that a child sent in a run, and their end."""

    content: bytearray = field(repr=False)
    end: AnswerEnd


async def exchange(stream: socket.socket, request: Sequence[bytes], most: int, may_stay: bool = False) -> Answer:
    """Send the request and receive until the child hangs up, or exceeds `most` bytes, or if it `may_stay` is ready."""
    rest = _send_at_once(stream, request)
    scanner = FrameScanner() if may_stay else None
    if not rest:
        return await _receive(stream, most, scanner)
    sender = asyncio.create_task(_send(stream, rest))
    try:
        return await _receive(stream, most, scanner)
    finally:
        sender.cancel()
        await asyncio.gather(sender, return_exceptions=True)


class FrameScanner:
    """The bounds of the frames in an answer that grows, without a look at their payloads."""

    def __init__(self) -> None:
        self._next = 0

    def is_ready(self, answer: bytearray) -> bool:
        """Tell whether a whole RESULT_READY has arrived; what comes after it breaks the rules."""
        while self._next + wire.FRAME.size <= len(answer):
            kind, length = wire.FRAME.unpack_from(answer, self._next)
            end = self._next + wire.FRAME.size + length
            if end > len(answer):
                return False
            self._next = end
            if kind == wire.Frame.RESULT_READY:
                return True
        return False


def is_silent(stream: socket.socket) -> bool:
    """Tell whether a child between two runs lives and has sent nothing, as it must."""
    try:
        stream.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except ConnectionError:
        return False
    return False


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


async def _receive(stream: socket.socket, most: int, scanner: FrameScanner | None) -> Answer:
    loop, answer = asyncio.get_running_loop(), bytearray()
    with suppress(ConnectionError):  # it left bytes unread as it ended
        while chunk := await loop.sock_recv(stream, _CHUNK_BYTES):
            answer += chunk
            if len(answer) > most:
                return Answer(answer, AnswerEnd.FLOOD)
            if scanner is not None and scanner.is_ready(answer):
                return Answer(answer, AnswerEnd.READY)
    return Answer(answer, AnswerEnd.HANG_UP)
