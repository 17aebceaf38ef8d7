"""Periodic background tasks: one loop for all of them, which no exception ends, and a monitor of their failures."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final

from attrs import evolve

from application.ports.errors import Unavailable
from application.ports.operations import CheckReadiness, Readiness, check_outcome

log: Final = logging.getLogger(__name__)

KEEPS_FAILING: Final = 3
"""A task that has failed so many times in a row is reported; a shorter outage only shows in the log and the metrics."""


class BackgroundTask(StrEnum):
    """The tasks, as logs and metrics name them."""

    CARRY_ON_JOBS = "carry_on_jobs"
    CARRY_ON_REPLAYS = "carry_on_replays"
    CLAIM_EXECUTIONS = "claim_executions"
    DELIVER_EVENTS = "deliver_events"
    ENFORCE_RETENTION = "enforce_retention"
    FLUSH_AUDIT_READS = "flush_audit_reads"
    LISTEN = "listen"
    LOOK_UP_COMPLETIONS = "look_up_completions"
    NOTIFY = "notify"
    FORGET_DELIVERIES = "forget_deliveries"
    FORGET_UPLOADS = "forget_uploads"
    PUBLISH_LOGS = "publish_logs"
    PURGE_IDEMPOTENCY_KEYS = "purge_idempotency_keys"
    PURGE_LOGS = "purge_logs"
    RECLAIM_EXECUTIONS = "reclaim_executions"
    RECORD_API_KEY_USAGE = "record_api_key_usage"
    RENEW_DELIVERIES = "renew_deliveries"
    RENEW_JOBS = "renew_jobs"
    RENEW_LEASES = "renew_leases"
    RENEW_REPLAYS = "renew_replays"
    RESTART_DATABASE = "restart_database"
    SAMPLE_METRICS = "sample_metrics"
    SAMPLE_REPRODUCTIONS = "sample_reproductions"
    SUM_UP_ACTIVITY = "sum_up_activity"
    WAKE_WORKER = "wake_worker"
    WATCH_LOGS = "watch_logs"


class TaskMonitor:
    """The failures in a row of each task of a process. `on_failure` is called with each failure, to count it."""

    def __init__(self, on_failure: Callable[[BackgroundTask], None] = lambda task: None) -> None:
        self._on_failure, self._in_a_row = on_failure, Counter[BackgroundTask]()

    @property
    def trouble(self) -> str:
        """Description of the tasks that keep failing; empty if there are none."""
        failing = sorted(task for task, failures in self._in_a_row.items() if failures >= KEEPS_FAILING)
        return f"background tasks keep failing: {', '.join(failing)}; the log has the reasons" if failing else ""

    def succeeded(self, task: BackgroundTask) -> None:
        """Record that a step of the task has succeeded."""
        del self._in_a_row[task]

    def failed(self, task: BackgroundTask, error: BaseException) -> None:
        """Log and count a failure: an outage as a warning, a bug with its traceback."""
        self._in_a_row[task] += 1
        self._on_failure(task)
        if isinstance(error, Unavailable):
            log.warning("background task %s failed and will be retried: %s", task, error)
        else:
            log.error("background task %s failed and will be retried", task, exc_info=error)


async def periodic(
    task: BackgroundTask,
    seconds: float | Callable[[], float],
    step: Callable[[], Awaitable[object]],
    monitor: TaskMonitor,
) -> None:
    """Take a step, then pause for `seconds`, until cancelled. A step that fails does not end the task.

    A cancellation ends it even if the step does not pass it on; one that comes from something that the step waited for
    is a failure like any other.
    """
    while True:
        try:
            await step()
        except Exception as error:
            monitor.failed(task, error)
        except asyncio.CancelledError as error:
            if not _is_cancelled():
                monitor.failed(task, error)
        else:
            monitor.succeeded(task)
        if _is_cancelled():
            raise asyncio.CancelledError
        await asyncio.sleep(seconds() if callable(seconds) else seconds)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def with_background(check: CheckReadiness, monitor: TaskMonitor) -> CheckReadiness:
    """Add the tasks of this process that keep failing to the result of a check."""

    async def check_both() -> Readiness:
        return evolve(await check(), background=check_outcome(monitor.trouble))

    return check_both
