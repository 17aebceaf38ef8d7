"""What goes on beside a process's own work, for as long as that lasts."""

import logging
from asyncio import CancelledError, Task, create_task
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from application.audit_reads import ReadsSeen, keep_reads
from application.authorise import Access
from application.keep_key_uses import keep_key_uses, keep_key_uses_now
from application.messages import Unavailable

log: Final = logging.getLogger(__name__)

_USES_SECONDS: Final = 60
_READS_SECONDS: Final = 1


@asynccontextmanager
async def keeping_uses(access: Access) -> AsyncIterator[None]:
    """Write down when keys are used, and what was not written in the end."""
    async with beside(keep_key_uses(access, _USES_SECONDS)):
        yield
    await keep_key_uses_now(access)


@asynccontextmanager
async def keeping_reads(reads: ReadsSeen) -> AsyncIterator[None]:
    """Write down who reads what, and what was not written in the end."""
    async with beside(keep_reads(reads, _READS_SECONDS)):
        yield
    try:
        await reads.keep()
    except Unavailable as error:
        log.error("the audit trail lacks what was read last: %s", error)


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Work that goes on beside the block and is cancelled after it."""
    task = create_task(work)
    task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        task.cancel()
        with suppress(CancelledError):
            await task


def _log_failure(task: Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.error(
            "a background task ended: news is found by looking now, or something stays or is not written down",
            exc_info=failure,
        )
