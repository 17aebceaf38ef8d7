"""Tasks of an API process beside its requests: buffers are written, expired rows removed, gauges sampled."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from time import monotonic
from typing import Final

from adapters.metrics.metrics import SAMPLE_SECONDS, Metrics
from application.access.authorise import Authorizer
from application.maintenance.enforce_retention import remove_expired
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.maintenance.purge_idempotency_keys import purge_idempotency_keys
from domain.retention import Retention
from entrypoints.composition.background import background_task, flushing
from entrypoints.composition.stores import Stores

_FLUSH_SECONDS: Final = 1
_USAGE_SECONDS: Final = 60
_PURGE_SECONDS: Final = 60
_RETENTION_SECONDS: Final = 60


@asynccontextmanager
async def writing_buffers(access: Authorizer, reads: AuditReadBuffer, monitor: TaskMonitor) -> AsyncIterator[None]:
    """Write the use of API keys and the audited reads periodically, and once more at the end."""
    usage, audit = BackgroundTask.RECORD_API_KEY_USAGE, BackgroundTask.FLUSH_AUDIT_READS
    async with (
        flushing(usage, _USAGE_SECONDS, access.flush_last_used, monitor),
        flushing(audit, _FLUSH_SECONDS, reads.flush, monitor),
    ):
        yield


@asynccontextmanager
async def maintaining(
    stores: Stores, retention: Retention, metrics: Metrics, monitor: TaskMonitor
) -> AsyncIterator[None]:
    """Remove expired idempotency keys, content and rows, and sample the metrics, periodically."""
    expired = partial(remove_expired, stores.expired, retention, monotonic)
    purge = partial(purge_idempotency_keys, stores.idempotency_keys)
    async with AsyncExitStack() as stack:
        for task, seconds, step in (
            (BackgroundTask.PURGE_IDEMPOTENCY_KEYS, _PURGE_SECONDS, purge),
            (BackgroundTask.ENFORCE_RETENTION, _RETENTION_SECONDS, expired),
            (BackgroundTask.SAMPLE_METRICS, SAMPLE_SECONDS, metrics.sample),
        ):
            await stack.enter_async_context(background_task(periodic(task, seconds, step, monitor)))
        yield
