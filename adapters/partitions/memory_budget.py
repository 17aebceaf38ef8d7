"""Room in the memory of this process: tasks beside each other wait for it, before they read what they need it for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from application.ports.job_tasks import MergeTask, ProcessTask, Task
from domain.job_requests import DataFormat
from domain.partitions import ObjectVersion, RangeUnit

_COPIES: Final = 3
"""The data as they are read, the text of an array, and the library's own."""
_CSV_EXPANSION: Final = 4
"""The bytes of JSON that one of CSV is taken for where no rows were looked at. Each repeats the names of columns."""


class MemoryBudget:
    """A number of bytes. A task that needs more than all of them gets them all, and so is alone."""

    def __init__(self, size_bytes: int) -> None:
        self._size, self._taken, self._returned = size_bytes, 0, asyncio.Condition()

    @asynccontextmanager
    async def room_for(self, task: Task) -> AsyncIterator[None]:
        """Take what a task needs for the block, as soon as it is there."""
        needed = min(needed_bytes(task), self._size)
        async with self._returned:
            await self._returned.wait_for(lambda: self._taken + needed <= self._size)
            self._taken += needed
        try:
            yield
        finally:
            async with self._returned:
                self._taken -= needed
                self._returned.notify_all()


def needed_bytes(task: Task) -> int:
    """Estimate the memory that a task takes in this process, without that of its script. Others than these take little
    by themselves."""
    match task:
        case ProcessTask():
            return _COPIES * _text_bytes(task)
        case MergeTask(results=results):
            return _COPIES * sum(one.size_bytes for one in results)
        case _:
            return 0


def _text_bytes(task: ProcessTask) -> int:
    length, version = task.range.end - task.range.start, task.object.version
    if task.range.unit is RangeUnit.ROWS:
        return _as_json(version) * length // max(1, version.rows or 0)
    if task.object.format is not DataFormat.CSV:
        return length
    if version.text_bytes is None:
        return length + _CSV_EXPANSION * length
    return length + version.text_bytes * length // max(1, version.size_bytes)


def _as_json(version: ObjectVersion) -> int:
    return version.size_bytes if version.text_bytes is None else version.text_bytes
