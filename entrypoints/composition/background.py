"""Background tasks of a process."""

import logging
from asyncio import CancelledError, Task, create_task
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from application.access.authorise import Access
from application.maintenance.flush_audit_reads import ReadsSeen, keep_reads
from application.maintenance.record_api_key_usage import keep_key_uses, keep_key_uses_now
from application.ports.errors import Unavailable

log: Final = logging.getLogger(__name__)

_USES_SECONDS: Final = 60
_READS_SECONDS: Final = 1


@asynccontextmanager
async def keeping_uses(access: Access) -> AsyncIterator[None]:
    """Record API key usage periodically, and once more at the end."""
    async with beside(keep_key_uses(access, _USES_SECONDS)):
        yield
    await keep_key_uses_now(access)


@asynccontextmanager
async def keeping_reads(reads: ReadsSeen) -> AsyncIterator[None]:
    """Store audited reads periodically, and once more at the end."""
    async with beside(keep_reads(reads, _READS_SECONDS)):
        yield
    try:
        await reads.keep()
    except Unavailable as error:
        log.error("the last audited reads could not be stored: %s", error)


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run a background task during the block and cancel it afterwards."""
    task = create_task(work, name=getattr(work, "__qualname__", None))
    task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        task.cancel()
        with suppress(CancelledError):
            await task


def _log_failure(task: Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.error("background task %s failed and has stopped", task.get_name(), exc_info=failure)
