"""A comparing child as its parent sees it: texts go in, and a reply comes out, or its exit status is the reason."""

import asyncio
import logging
import signal
import socket
import subprocess
import sys
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from attrs import frozen
from returns.result import Failure, Result

from adapters.comparison.messages import LENGTH_BYTES, MOST_PIECE_BYTES, framed, read_reply, task_message
from adapters.comparison.work import Task
from domain.comparison.report import ComparisonRefused, ComparisonStopped, ResultComparison, StopReason
from domain.limits import MIB

log: Final = logging.getLogger(__name__)

_PROGRAM: Final = Path(__file__).parent / "child.py"
_OUT_OF_MEMORY: Final = 3
"""The exit status of a child that had no memory left to reply, as its program has it."""
_REASONS: Final = {
    -signal.SIGXCPU: StopReason.TIME,
    -signal.SIGKILL: StopReason.MEMORY,  # the kernel chose it, since nobody here did
    _OUT_OF_MEMORY: StopReason.MEMORY,
}
Reply = Result[ResultComparison, ComparisonRefused]


@frozen
class WorkLimits:
    """Limits of a child: its address space, each of its temporary files, its CPU time for a comparison, the time by the
    clock, in which the store has to deliver the texts, and the time that it waits for another comparison."""

    memory_bytes: int = 1024 * MIB
    file_bytes: int = 1024 * MIB
    cpu_seconds: int = 120
    wall_seconds: float = 600
    idle_seconds: float = 60


class ComparingProcess:
    """A child and the stream to it. Make it with `start`; `end` it in any case."""

    def __init__(self, process: "subprocess.Popen[bytes]", reader: StreamReader, writer: StreamWriter) -> None:
        self._process, self._reader, self._writer = process, reader, writer
        self.compared = 0

    @classmethod
    async def start(cls, limits: WorkLimits) -> "ComparingProcess":
        """Start a child. Raises `OSError` if there can be no more processes."""
        stream, process = _popen(limits)
        try:
            return cls(process, *await asyncio.open_unix_connection(sock=stream))
        except BaseException:
            stream.close()
            process.kill()
            await asyncio.to_thread(process.wait)
            raise

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Tell whether the child has ended."""
        return self._process.poll() is not None

    async def compare(self, task: Task, texts: Sequence[AsyncIterator[bytes]]) -> Reply:
        """Have two texts compared. Raises what reading them raises; the child is of no more use then."""
        self.compared += 1
        try:
            await self._send(task, texts)
            return await asyncio.to_thread(read_reply, await self._receive())
        except (ConnectionError, asyncio.IncompleteReadError):
            return Failure(ComparisonStopped(await self._reason()))

    async def end(self) -> None:
        """Kill the child, and wait for its end."""
        self._process.kill()  # which does nothing if it was waited for
        self._writer.transport.abort()
        await asyncio.to_thread(self._process.wait)

    async def _send(self, task: Task, texts: Sequence[AsyncIterator[bytes]]) -> None:
        self._write(task_message(task))
        for text in texts:
            async for piece in text:
                for start in range(0, len(piece), MOST_PIECE_BYTES):
                    self._write(piece[start : start + MOST_PIECE_BYTES])
                    await self._writer.drain()
            self._write(b"")
        await self._writer.drain()

    def _write(self, message: bytes) -> None:
        """Write a message, unless the child has closed its end: uvloop reports that by a RuntimeError of its own."""
        if self._writer.is_closing():
            raise ConnectionResetError
        self._writer.write(framed(message))

    async def _receive(self) -> bytes:
        head = await self._reader.readexactly(LENGTH_BYTES)
        return await self._reader.readexactly(int.from_bytes(head, "big"))

    async def _reason(self) -> StopReason:
        status = await asyncio.to_thread(self._process.wait)
        if status not in _REASONS:
            log.error("a process that compares results ended with status %s", status)
        return _REASONS.get(status, StopReason.UNAVAILABLE)


def _popen(limits: WorkLimits) -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
    """Start by exec, in the event loop's own thread, since the kernel ties the child's life to the thread."""
    numbers = (str(one) for one in (limits.memory_bytes, limits.file_bytes, limits.cpu_seconds))
    ours, childs = socket.socketpair()
    with childs, ExitStack() as failing:
        failing.callback(ours.close)
        process = subprocess.Popen(  # noqa: S603 - every word of the command is this module's
            [sys.executable, "-I", str(_PROGRAM), *numbers],
            env={"TZ": "UTC0", "TMPDIR": tempfile.gettempdir()},
            stdin=childs.fileno(),
            stdout=childs.fileno(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        failing.pop_all()
    return ours, process
