"""A comparing child as its parent sees it: texts go in, and a reply comes out, or its exit status is the reason."""

import asyncio
import logging
import os
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
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
    """Limits of a child: its address space, each of its temporary files, its CPU time for a comparison, and the time by
    the clock, in which the store has to deliver the texts."""

    memory_bytes: int = 1024 * MIB
    file_bytes: int = 1024 * MIB
    cpu_seconds: int = 120
    wall_seconds: float = 600


class ComparingProcess:
    """A child. Make it with `start`; `end` it in any case."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.compared = 0

    @classmethod
    async def start(cls, limits: WorkLimits) -> "ComparingProcess":
        """Start a child. Raises `OSError` if there can be no more processes."""
        numbers = (str(one) for one in (limits.memory_bytes, limits.file_bytes, limits.cpu_seconds))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_PROGRAM),
            *numbers,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={"TZ": "UTC0", "TMPDIR": tempfile.gettempdir()},
            start_new_session=True,
        )
        return cls(process)

    @property
    def has_ended(self) -> bool:
        """Tell whether the child has ended."""
        return self._process.returncode is not None

    async def compare(self, task: Task, texts: Sequence[AsyncIterator[bytes]]) -> Reply:
        """Have two texts compared. Raises what reading them raises; the child is of no more use then."""
        self.compared += 1
        try:
            await self._send(task, texts)
            return read_reply(await self._receive())
        except (ConnectionError, asyncio.IncompleteReadError):
            return Failure(ComparisonStopped(await self._reason()))

    async def end(self) -> None:
        """Kill the child, and wait for its end."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(ConnectionError):
            await self._process.stdin.wait_closed()
        await self._process.wait()

    async def _send(self, task: Task, texts: Sequence[AsyncIterator[bytes]]) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(framed(task_message(task)))
        for text in texts:
            async for piece in text:
                for start in range(0, len(piece), MOST_PIECE_BYTES):
                    stdin.write(framed(piece[start : start + MOST_PIECE_BYTES]))
                    await stdin.drain()
            stdin.write(framed(b""))
        await stdin.drain()

    async def _receive(self) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        head = await stdout.readexactly(LENGTH_BYTES)
        return await stdout.readexactly(int.from_bytes(head, "big"))

    async def _reason(self) -> StopReason:
        status = await self._process.wait()
        if status not in _REASONS:
            log.error("a process that compares results ended with status %s", status)
        return _REASONS.get(status, StopReason.UNAVAILABLE)
