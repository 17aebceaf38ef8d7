"""Tasks of an API process beside its requests: buffers are written, expired rows removed, gauges sampled."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Final

from adapters.metrics.metrics import SAMPLE_SECONDS, Metrics
from adapters.system import utc_now
from application.access.authorise import Authorizer
from application.maintenance.enforce_retention import remove_expired
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.maintenance.purge_idempotency_keys import purge_idempotency_keys
from application.maintenance.sum_up_activity import sum_up_activity
from application.webhooks.forget_deliveries import forget_deliveries
from entrypoints.composition.background import background_task, flushing
from entrypoints.composition.operator_choices import default_retention
from entrypoints.composition.stores import Stores
from entrypoints.configuration.settings import Settings

_FLUSH_SECONDS: Final = 1
_USAGE_SECONDS: Final = 60
_PURGE_SECONDS: Final = 60
_RETENTION_SECONDS: Final = 60
_ACTIVITY_SECONDS: Final = 300


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
    stores: Stores, settings: Settings, metrics: Metrics, monitor: TaskMonitor
) -> AsyncIterator[None]:
    """Remove expired idempotency keys, content, rows and deliveries, add up the activity of hours that are over, and
    sample the metrics, periodically."""
    expired = partial(remove_expired, stores.expired, default_retention(settings), monotonic)
    purge = partial(purge_idempotency_keys, stores.idempotency_keys)
    forget = partial(forget_deliveries, stores.webhooks, utc_now, timedelta(days=settings.webhook_days))
    sum_up = partial(sum_up_activity, stores.activity)
    async with AsyncExitStack() as stack:
        for task, seconds, step in (
            (BackgroundTask.PURGE_IDEMPOTENCY_KEYS, _PURGE_SECONDS, purge),
            (BackgroundTask.ENFORCE_RETENTION, _RETENTION_SECONDS, expired),
            (BackgroundTask.SUM_UP_ACTIVITY, _ACTIVITY_SECONDS, sum_up),
            (BackgroundTask.FORGET_DELIVERIES, _RETENTION_SECONDS, forget),
            (BackgroundTask.SAMPLE_METRICS, SAMPLE_SECONDS, metrics.sample),
        ):
            await stack.enter_async_context(background_task(periodic(task, seconds, step, monitor)))
        yield
