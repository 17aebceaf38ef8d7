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

_CHUNK_BYTES: Final = 64 * 1024
_CHUNKS_AT_ONCE: Final = 16
"""Chunks that are read before the event loop's other work has its turn."""


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


class ChildStream:
    """The stream to one child. `close` it in any case.

    The event loop watches it from the first exchange on, since to watch it anew for each costs more than to read it.
    """

    def __init__(self, stream: socket.socket) -> None:
        self._stream, self._loop = stream, asyncio.get_running_loop()
        self._is_watched = False
        self._reception: _Reception | None = None

    async def exchange(self, request: Sequence[bytes], most: int, may_stay: bool = False) -> Answer:
        """Send the request and receive until the child hangs up, or exceeds `most` bytes, or if it `may_stay` is
        ready."""
        rest = _send_at_once(self._stream, request)
        if not rest:
            return await self._receive(most, may_stay)
        sender = asyncio.create_task(_send(self._stream, rest))
        try:
            return await self._receive(most, may_stay)
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    @property
    def received(self) -> bytearray:
        """The bytes of the exchange under way that have come so far; they must not be referred to across a wait."""
        return bytearray() if self._reception is None else self._reception.content

    def is_silent(self) -> bool:
        """Tell whether a child between two runs lives and has sent nothing, as it must."""
        try:
            self._stream.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        return False

    def shut_down(self) -> None:
        """End the stream in both directions, and so an exchange that is under way."""
        with suppress(OSError):
            self._stream.shutdown(socket.SHUT_RDWR)
        self._read()

    def end_requests(self) -> None:
        """Tell the child that no further request comes."""
        with suppress(OSError):
            self._stream.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Hang up."""
        self._ignore()
        self._stream.close()

    async def _receive(self, most: int, may_stay: bool) -> Answer:
        self._reception = _Reception(self._loop.create_future(), most, may_stay)
        if not self._is_watched:
            self._loop.add_reader(self._stream, self._read)
            self._is_watched = True
        try:
            return await self._reception.answer
        finally:
            self._reception = None

    def _read(self) -> None:
        """Pass on what has come. Where nothing is expected any more, it stays unread, for `is_silent` to find.

        A process that ends before it has read all of its request leaves an error on the stream, after which uvloop
        calls once more and never again. So the stream is read until it has no more, up to its end.
        """
        if self._reception is None or self._reception.answer.done():
            self._ignore()
            return
        with suppress(BlockingIOError):
            for _ in range(_CHUNKS_AT_ONCE):
                self._reception.take(self._received())
                if self._reception.answer.done():
                    return
            self._loop.call_soon(self._read)

    def _received(self) -> bytes:
        """Receive a piece; nothing is the end. Raises `BlockingIOError` if nothing has come."""
        try:
            return self._stream.recv(_CHUNK_BYTES)
        except ConnectionError:  # it left bytes unread as it ended
            return b""

    def _ignore(self) -> None:
        if self._is_watched:
            self._loop.remove_reader(self._stream)
            self._is_watched = False


class _Reception:
    """An answer that is coming in."""

    def __init__(self, answer: "asyncio.Future[Answer]", most: int, may_stay: bool) -> None:
        self.answer: Final = answer
        self.content: Final = bytearray()
        self._most = most
        self._scanner = FrameScanner() if may_stay else None

    def take(self, chunk: bytes) -> None:
        """Take what has come; nothing is the end of the stream."""
        self.content.extend(chunk)
        if not chunk:
            self.answer.set_result(Answer(self.content, AnswerEnd.HANG_UP))
        elif len(self.content) > self._most:
            self.answer.set_result(Answer(self.content, AnswerEnd.FLOOD))
        elif self._scanner is not None and self._scanner.is_ready(self.content):
            self.answer.set_result(Answer(self.content, AnswerEnd.READY))


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
