"""Port `JobEngine`: a client of a scheduler, for one job.

Dask runs a task again whose worker was lost. A scheduler that is lost takes its tasks with it, and the job resumes from
what it has stored. Tasks wait here until there is room: Dask counts the death of a worker against every task that it
holds. One that is lost so often may have had the wrong company, so it gets a worker to itself before it counts as lost.
"""

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import Any, Final
from uuid import uuid4

from distributed import Client, Future
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from adapters.dask.parcels import Broken, Deferred, Parcel, ParcelOutcome, Reported
from adapters.dask.worker import CAPACITY, RESOURCE, perform
from application.ports.errors import Unavailable
from application.ports.job_tasks import FinishedTask, Task, TaskLost

_COUNT_SECONDS: Final = 2
_AHEAD: Final = 2
"""Tasks beyond the number of workers, so that none of these waits for the next one."""
_DESERTED_SECONDS: Final = 30
"""The time without any worker after which tasks have to be given up: longer than a worker takes to start again."""
_RUNNING: Final = "running"


class TaskBroken(Exception):
    """A task raised what is a bug. The message names the exception alone."""


class DaskEngine:
    """The tasks of one job. Open it before use."""

    def __init__(self, client: Client, deserted_seconds: float = _DESERTED_SECONDS) -> None:
        self._client, self._workers = client, 1
        self._deserted_seconds, self._last_seen = deserted_seconds, time.monotonic()
        self._waiting, self._ended = deque[Task](), asyncio.Queue[FinishedTask | Exception]()
        self._following = dict[asyncio.Task[None], Future[ParcelOutcome]]()
        self._counting: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Count the workers, now and from time to time."""
        await self._count()
        self._counting = asyncio.create_task(self._keep_counting())

    @property
    def workers(self) -> int:
        """The number of workers that perform tasks, as it was some seconds ago."""
        return self._workers

    async def submit(self, task: Task) -> None:
        """Implement the port."""
        if self._client.status != _RUNNING:
            raise _scheduler_lost()
        self._waiting.append(task)
        self._start()

    async def next_finished(self) -> FinishedTask:
        """Implement the port. Raises `TaskBroken` for a bug."""
        ended = await self._ended.get()
        if isinstance(ended, Exception):
            raise ended
        return ended

    async def cancel(self) -> None:
        """Implement the port."""
        self._waiting.clear()
        following, self._following = self._following, {}
        for one in following:
            one.cancel()
        if following:
            await asyncio.wait(following)
            if self._client.status == _RUNNING:
                await self._client.cancel([*following.values()], force=True)
        self._ended = asyncio.Queue()

    async def close(self) -> None:
        """Implement the port."""
        if self._counting is not None:
            self._counting.cancel()
            await asyncio.wait([self._counting])
        with suppress(OSError, TimeoutError):
            await self.cancel()
        await self._client.close()

    def _start(self) -> None:
        """Start tasks on workers that are free."""
        while self._waiting and len(self._following) < self._workers + _AHEAD:
            self._give(self._waiting.popleft(), share=1)

    def _give(self, task: Task, share: int) -> None:
        """Have a worker perform a task that takes this share of its capacity."""
        key = f"{type(task).__name__}-{task.job}-{uuid4()}"
        submit: Any = self._client.submit  # whose type takes a coroutine for the result
        future = submit(perform, Parcel(key, task), key=key, pure=False, resources={RESOURCE: share})
        self._following[asyncio.create_task(self._follow(task, future, is_alone=share == CAPACITY))] = future

    async def _follow(self, task: Task, future: "Future[ParcelOutcome]", *, is_alone: bool) -> None:
        ended: FinishedTask | Exception | None
        try:
            ended = _ended(task, await future)
        except FutureCancelledError:
            ended = _scheduler_lost()
        except KilledWorker:
            ended = FinishedTask(task, TaskLost()) if is_alone else None
        except Exception as error:  # as the report is fetched, or as a worker reads the task
            ended = Unavailable(f"the engine failed: {type(error).__qualname__}")
        if ended is None:
            self._give(task, share=CAPACITY)
        else:
            self._ended.put_nowait(ended)
        own = asyncio.current_task()
        assert own is not None
        del self._following[own]
        if self._client.status == _RUNNING:
            self._start()

    async def _keep_counting(self) -> None:
        while True:
            await asyncio.sleep(_COUNT_SECONDS)
            with suppress(OSError, TimeoutError):  # submissions notice a scheduler that is lost
                await self._count()

    async def _count(self) -> None:
        scheduler: Any = self._client.scheduler
        known = (await scheduler.identity(n_workers=-1))["workers"]
        found = sum(RESOURCE in one["resources"] for one in known.values())
        self._workers = max(1, found)
        if found or not self._following:
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > self._deserted_seconds:
            self._ended.put_nowait(Unavailable("the engine has no workers"))
        self._start()


def _ended(task: Task, outcome: object) -> FinishedTask | Exception:
    match outcome:
        case Reported(report):
            return FinishedTask(task, report)
        case Deferred(reason):
            return Unavailable(reason)
        case Broken(exception):
            return TaskBroken(f"{type(task).__name__} raised {exception}; the log of its worker says where")
        case _:
            return TaskBroken(f"{type(task).__name__} returned a {type(outcome).__name__}")


def _scheduler_lost() -> Unavailable:
    return Unavailable("the connection to the scheduler of the engine was lost")
