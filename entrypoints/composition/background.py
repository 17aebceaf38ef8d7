"""Background tasks of a process, for as long as its own work lasts."""

import logging
from asyncio import Task, create_task, wait
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.errors import Unavailable

log: Final = logging.getLogger(__name__)


@asynccontextmanager
async def flushing(
    task: BackgroundTask, seconds: float, flush: Callable[[], Awaitable[None]], monitor: TaskMonitor
) -> AsyncIterator[None]:
    """Flush a buffer periodically, and once more at the end."""
    async with background_task(periodic(task, seconds, flush, monitor)):
        yield
    try:
        await flush()
    except Unavailable as error:
        log.error("%s failed at the end; its unwritten records are lost: %s", task, error)


@asynccontextmanager
async def background_task(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run a background task during the block and cancel it afterwards."""
    task = create_task(work, name=getattr(work, "__qualname__", None))
    task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        task.cancel()
        await wait([task])
    if not task.cancelled():
        task.result()  # raises its failure


def _log_failure(task: Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.error("background task %s failed and has stopped", task.get_name(), exc_info=failure)
