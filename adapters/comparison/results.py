"""The port `CompareResults`: comparisons take turns in one child, which is kept warm between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from returns.result import Failure, Result, Success

from adapters.comparison.process import ComparingProcess, WorkLimits
from adapters.comparison.work import Task
from application.executions.body_text import text_pieces
from application.ports.bodies import Bodies
from application.ports.comparison import ComparisonChoices
from application.ports.stored_bodies import StoredBody
from domain.comparison.report import (
    ComparisonRefused,
    ComparisonStopped,
    ResultComparison,
    StopReason,
    ValueComparison,
)
from domain.limits import MIB

_MOST_COMPARED: Final = 200
"""Comparisons of one child."""
_LARGE_BYTES: Final = 4 * MIB
"""Text after which a child ends, and with it the memory that it took."""


class ResultComparer:
    """Port `CompareResults`. Make it with `comparing_results`.

    One comparison runs at a time, so that many cost no more memory than one; the others wait.
    """

    def __init__(self, bodies: Bodies, limits: WorkLimits) -> None:
        self._bodies, self._limits = bodies, limits
        self._turn = asyncio.Lock()
        self._idle: ComparingProcess | None = None
        self._retirement: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    async def __call__(
        self, before: StoredBody, after: StoredBody, choices: ComparisonChoices, /
    ) -> Result[ResultComparison, ComparisonRefused]:
        """Compare two stored results. Those with the same digest are equal, and are not read."""
        if before.digest == after.digest:
            return Success(ValueComparison(0, ()))
        async with self._turn:
            try:
                process = await self._take()
            except OSError:
                return Failure(ComparisonStopped(StopReason.UNAVAILABLE))
            return await self._compare(process, before, after, Task(choices.key, choices.tolerance))

    async def close(self) -> None:
        """End the child, which must have no work."""
        if self._retirement is not None:
            self._retirement.cancel()
        await self._end_idle()
        if self._ending is not None:
            await self._ending

    def _keep(self, process: ComparingProcess) -> None:
        """Keep the child for the next comparison, if that comes soon."""
        self._idle = process
        self._retirement = asyncio.get_running_loop().call_later(self._limits.idle_seconds, self._retire)

    def _retire(self) -> None:
        self._ending = asyncio.create_task(self._end_idle())

    async def _end_idle(self) -> None:
        process, self._idle = self._idle, None
        if process is not None:
            await process.end()

    async def _take(self) -> ComparingProcess:
        if self._retirement is not None:
            self._retirement.cancel()
        process, self._idle = self._idle, None
        if process is not None and not process.has_ended:
            return process
        if process is not None:
            await process.end()
        return await ComparingProcess.start(self._limits)

    async def _compare(
        self, process: ComparingProcess, before: StoredBody, after: StoredBody, task: Task
    ) -> Result[ResultComparison, ComparisonRefused]:
        is_fit = False
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                texts = [text_pieces(self._bodies, body) for body in (before, after)]
                reply = await process.compare(task, texts)
            size = before.digest.size_bytes + after.digest.size_bytes
            is_fit = not process.has_ended and process.compared < _MOST_COMPARED and size < _LARGE_BYTES
        except TimeoutError:
            return Failure(ComparisonStopped(StopReason.TIME))
        except ValueError:  # a body is not what its digest says
            return Failure(ComparisonStopped(StopReason.UNREADABLE))
        finally:
            if is_fit:
                self._keep(process)
            else:
                await process.end()
        return reply


@asynccontextmanager
async def comparing_results(bodies: Bodies, limits: WorkLimits | None = None) -> AsyncIterator[ResultComparer]:
    """Provide the port, and end its child in the end."""
    comparer = ResultComparer(bodies, limits or WorkLimits())
    try:
        yield comparer
    finally:
        await comparer.close()
