"""The tasks of one job that are under way: a few more than the engine's workers, so that none of them waits."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import Final, TypeAlias

from application.ports.job_tasks import FinishedTask, JobEngine, OpenEngine, Task

SPARE: Final = 2
"""Tasks that wait at the engine beside those that its workers run."""

OnFinished: TypeAlias = Callable[[FinishedTask], Awaitable[None]]


class Tasks:
    """The engine for a job, which is opened for its first task."""

    def __init__(self, open_engine: OpenEngine) -> None:
        self._open_engine: Final = open_engine
        self._engine: JobEngine | None = None
        self._under_way = 0

    async def run(self, tasks: AsyncGenerator[Task], on_finished: OnFinished) -> None:
        """Run tasks, each of which is requested when there is room for it. They finish in any order."""
        async with aclosing(tasks):
            while True:
                await self._make_room(on_finished)
                task = await anext(tasks, None)
                if task is None:
                    break
                await self._start(task)
        while self._under_way:
            await self._finish_one(on_finished)

    async def run_all(self, tasks: Iterable[Task], on_finished: OnFinished) -> None:
        """Run tasks that are known at once."""
        await self.run(_each(tasks), on_finished)

    async def run_one(self, task: Task) -> FinishedTask:
        """Run a task while no other is under way."""
        finished: list[FinishedTask] = []

        async def collect(one: FinishedTask) -> None:
            finished.append(one)

        await self.run_all([task], collect)
        return finished[0]

    async def close(self) -> None:
        """Stop the tasks that are under way, and leave the engine."""
        engine, self._engine, self._under_way = self._engine, None, 0
        if engine is not None:
            await engine.close()

    async def _make_room(self, on_finished: OnFinished) -> None:
        while self._engine is not None and self._under_way >= self._engine.workers + SPARE:
            await self._finish_one(on_finished)

    async def _start(self, task: Task) -> None:
        if self._engine is None:
            self._engine = await self._open_engine()
        await self._engine.submit(task)
        self._under_way += 1

    async def _finish_one(self, on_finished: OnFinished) -> None:
        assert self._engine is not None, "it has tasks"
        finished = await self._engine.next_finished()
        self._under_way -= 1
        await on_finished(finished)


async def _each(tasks: Iterable[Task]) -> AsyncGenerator[Task]:
    for task in tasks:
        yield task
