"""Background tasks of a process."""

import logging
from asyncio import CancelledError, Task, create_task
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from application.access.authorise import Authorizer
from application.maintenance.flush_audit_reads import AuditReadBuffer, flush_periodically
from application.maintenance.record_api_key_usage import record_api_key_usage, record_api_key_usage_now
from application.ports.errors import Unavailable

log: Final = logging.getLogger(__name__)

_USES_SECONDS: Final = 60
_READS_SECONDS: Final = 1


@asynccontextmanager
async def keeping_uses(access: Authorizer) -> AsyncIterator[None]:
    """Record API key usage periodically, and once more at the end."""
    async with background_task(record_api_key_usage(access, _USES_SECONDS)):
        yield
    await record_api_key_usage_now(access)


@asynccontextmanager
async def keeping_reads(reads: AuditReadBuffer) -> AsyncIterator[None]:
    """Store audited reads periodically, and once more at the end."""
    async with background_task(flush_periodically(reads, _READS_SECONDS)):
        yield
    try:
        await reads.flush()
    except Unavailable as error:
        log.error("the last audited reads could not be stored: %s", error)


@asynccontextmanager
async def background_task(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
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
