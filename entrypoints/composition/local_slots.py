"""The slots of an API process: a worker in it, which starts accepted executions directly and claims others.

The API answers before its worker works, and while there is no database. Until then nothing starts directly.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Final

from attrs import field, frozen

from adapters.metrics.metrics import Metrics
from adapters.metrics.server import serving
from application.executions.completion_signals import WatchedCompletions
from application.ports.direct_start import Submitted, start_nothing
from application.ports.sandbox import RunScript
from application.worker.reproduction_sampler import ReproductionAlarm
from application.worker.worker import Worker
from domain.body import Body
from domain.execution import Finished, Pending
from domain.versions import ScriptVersion
from entrypoints.composition.worker_wiring import worker_of
from entrypoints.configuration.settings import Settings

log: Final = logging.getLogger(__name__)


@frozen(kw_only=True)
class WorkerContext:
    """The surroundings of a worker: its settings and metrics, its number on this machine, `around` its runs, and the
    alarm of its sampler."""

    settings: Settings
    metrics: Metrics
    number: int
    around: Callable[[RunScript], RunScript]
    alarm: ReproductionAlarm = field(factory=ReproductionAlarm)


class LocalSlots:
    """The worker of this process, as soon as it works."""

    def __init__(self) -> None:
        self._worker: Worker | None = None
        self._work: asyncio.Task[None] | None = None

    def start_directly(
        self, pending: Pending, version: ScriptVersion, dataset: Body
    ) -> AbstractAsyncContextManager[Submitted]:
        """Implement the port `DirectStart`."""
        start = start_nothing if self._worker is None else self._worker.start_directly
        return start(pending, version, dataset)

    def begin(self, context: WorkerContext, endings: WatchedCompletions) -> "asyncio.Task[None]":
        """Begin to work; the task ends after `stop`, or with the reason why there can be no worker."""
        self._work = asyncio.create_task(self._run(context, endings))
        return self._work

    def stop(self) -> None:
        """Start and claim no more; finish what runs within the grace time, and release the rest."""
        if self._worker is not None:
            self._worker.stop()
        elif self._work is not None:
            self._work.cancel()

    async def _run(self, context: WorkerContext, endings: WatchedCompletions) -> None:
        async with working(context, on_completed=lambda finished: endings.notify([finished.submission.id])) as worker:
            self._worker = worker
            await worker.run()
            log.info("worker stopped; discarded %d stale results and releases in total", worker.stale)


@asynccontextmanager
async def working(
    context: WorkerContext, on_completed: Callable[[Finished], None] = lambda finished: None
) -> AsyncIterator[Worker]:
    """Provide a worker; with a port for its metrics, if it shall have one, which answers before the worker works."""
    settings = context.settings
    worker: Worker | None = None

    def works() -> bool:
        return worker is not None and worker.seen(settings.lease_seconds)

    async with AsyncExitStack() as stack:
        if settings.worker_metrics_port:
            port = settings.worker_metrics_port + context.number - 1
            await stack.enter_async_context(serving(context.metrics, works, settings.host, port))
        worker = await stack.enter_async_context(
            worker_of(settings, context.metrics, context.around, on_completed, context.alarm)
        )
        yield worker
