"""Keeps a set of child processes running, and ends them together. It knows nothing of their work.

Each child leads a session of its own, so that a terminal's Ctrl-C reaches the supervisor alone. A signal to stop goes
to the child; only the rest of its process group is killed afterwards. A child that ends is started again, after a pause
that doubles while it keeps ending young. Before all are ready, though, a child that gives up with an exit status ends
everything: a failure to start must be seen, not repeated.
"""

import asyncio
import logging
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from attrs import field, frozen

log: Final = logging.getLogger(__name__)

_CANNOT_START: Final = 127
"""The status that a shell returns when there is no program to start."""


@frozen
class Child:
    """A program to keep running. It inherits `descriptors`, under the same numbers. `own_env` goes before the
    environment of all."""

    name: str
    command: tuple[str, ...]
    descriptors: tuple[int, ...] = ()
    own_env: Mapping[str, str] = field(factory=dict)


@frozen
class RestartPolicy:
    """Times in seconds. A child that has lived for `settled` is in good health: its next pause is the first again."""

    ready: float = 60
    grace: float = 20
    first_pause: float = 0.5
    longest_pause: float = 30
    settled: float = 10


class Supervisor:
    """One set of children, run once."""

    def __init__(self, children: Sequence[Child], env: Mapping[str, str], patience: RestartPolicy) -> None:
        self._children, self._env, self._patience = children, env, patience
        self._stopping, self._hastened = asyncio.Event(), asyncio.Event()
        self._ready = False
        self._failure = ""

    def stop(self) -> None:
        """End the children in order; a second call ends them at once."""
        (self._hastened if self._stopping.is_set() else self._stopping).set()

    async def run(self, ready: Callable[[], Awaitable[None]]) -> str:
        """Run the children until `stop`, and leave nothing of them behind; why they could not start, or nothing.

        `ready` returns once all of them work.
        """
        becoming = asyncio.create_task(self._become_ready(ready))
        async with asyncio.TaskGroup() as keepers:
            for child in self._children:
                keepers.create_task(self._keep(child))
        becoming.cancel()
        with suppress(asyncio.CancelledError):
            await becoming
        return self._failure

    async def _become_ready(self, ready: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(self._patience.ready):
                await ready()
            self._ready = True
        except TimeoutError:
            self._give_up(f"not ready after {self._patience.ready:g} s")

    def _give_up(self, why: str) -> None:
        self._failure = self._failure or why
        self._stopping.set()

    async def _keep(self, child: Child) -> None:
        clock, pause = asyncio.get_running_loop().time, self._patience.first_pause
        while not self._stopping.is_set():
            began = clock()
            status = await self._live(child)
            if self._stopping.is_set():
                return
            if not self._ready and status > 0:
                self._give_up(f"{child.name} exited with status {status}")
                return
            if clock() - began >= self._patience.settled:
                pause = self._patience.first_pause
            log.warning("%s exited with status %s; restarting in %g s", child.name, status, pause)
            await _first_of(self._stopping, within=pause)
            pause = min(2 * pause, self._patience.longest_pause)

    async def _live(self, child: Child) -> int:
        """Run a child once, from its start to its end; return the status, negative for a signal."""
        try:
            process = await asyncio.create_subprocess_exec(
                *child.command, env={**self._env, **child.own_env}, start_new_session=True, pass_fds=child.descriptors
            )
        except OSError as error:
            log.error("cannot start %s: %s", child.name, error)
            return _CANNOT_START
        log.info("started %s as process %d", child.name, process.pid)
        ended = asyncio.create_task(process.wait())
        await _first_of(ended, self._stopping)
        if not ended.done():
            _signal(process)
            await _first_of(ended, self._hastened, within=self._patience.grace)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return await ended


async def _first_of(*awaited: asyncio.Task[int] | asyncio.Event, within: float | None = None) -> None:
    """Wait until one of them has come, or the time is over."""
    events = [asyncio.create_task(one.wait()) for one in awaited if isinstance(one, asyncio.Event)]
    await asyncio.wait(
        [*events, *(one for one in awaited if isinstance(one, asyncio.Task))],
        timeout=within,
        return_when=asyncio.FIRST_COMPLETED,
    )
    for waiting in events:
        waiting.cancel()


def _signal(process: Process) -> None:
    with suppress(ProcessLookupError):  # it ended this very moment
        process.terminate()
