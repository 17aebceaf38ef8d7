"""The look for jobs of a worker: it starts the process that carries them on, and again if that dies.

That process has Dask, so a service without jobs never imports it. The kernel ends it with this one.
"""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Final

from attrs import frozen

from adapters.metrics.instruments import Instruments
from adapters.postgres.connections import Pool
from adapters.postgres.job_work import PostgresJobWork
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from entrypoints.composition.background import background_task
from entrypoints.composition.job_counts import read_counts
from entrypoints.configuration.settings import Settings
from entrypoints.supervision.parent_death import tied_to_me

log: Final = logging.getLogger(__name__)

RUNNER: Final = (sys.executable, "-m", "entrypoints.job_runner")


@frozen
class LookPolicy:
    """Times in seconds: between two looks, for an orderly end of the process, to read its last counts, and until it is
    started again after it failed, doubled each time in a row up to the longest."""

    look: float = 1
    grace: float = 4
    last_counts: float = 1
    first_pause: float = 1
    longest_pause: float = 60


class JobWatch:
    """The process that carries jobs on, for as long as there are any."""

    def __init__(
        self,
        is_waiting: Callable[[], Awaitable[bool]],
        count: Callable[[asyncio.StreamReader], Awaitable[None]],
        program: tuple[str, ...] = RUNNER,
        policy: LookPolicy = LookPolicy(),
    ) -> None:
        self._is_waiting, self._count, self._program, self._policy = is_waiting, count, program, policy
        self._wake, self._pause = asyncio.Event(), policy.first_pause

    def wake(self) -> None:
        """Look at once."""
        self._wake.set()

    async def look(self) -> None:
        """Wait for the time of a look, or to be woken; start the process if a job waits, and wait for its end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._policy.look):
                await self._wake.wait()
        self._wake.clear()
        if not await self._is_waiting():
            return
        status = await self._run()
        if status == 0:
            self._pause = self._policy.first_pause
            return
        pause, self._pause = self._pause, min(2 * self._pause, self._policy.longest_pause)
        log.error("the process that carries jobs on ended with status %d; restarting it in %g s", status, pause)
        await asyncio.sleep(pause)

    async def _run(self) -> int:
        process = await asyncio.create_subprocess_exec(
            *self._program,
            env=tied_to_me(os.environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None
        counting = asyncio.ensure_future(self._count(process.stdout))
        log.info("a job waits; process %d carries it on", process.pid)
        try:
            return await process.wait()
        finally:
            await self._end(process)
            await asyncio.wait([counting], timeout=self._policy.last_counts)  # what it wrote at its end
            counting.cancel()

    async def _end(self, process: Process) -> None:
        """End the process in order, and kill what is left of its group."""
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self._policy.grace)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


@asynccontextmanager
async def watching_jobs(
    pool: Pool, settings: Settings, instruments: Instruments, monitor: TaskMonitor
) -> AsyncIterator[Callable[[], None]]:
    """Look for jobs in the background, unless others shall. The function provided has it look at once."""
    if not settings.jobs:
        yield lambda: None
        return
    work = PostgresJobWork(pool, timedelta(seconds=settings.lease_seconds))
    watch = JobWatch(work.is_waiting, partial(read_counts, instruments=instruments))
    async with background_task(periodic(BackgroundTask.CARRY_ON_JOBS, 0, watch.look, monitor)):
        yield watch.wake
