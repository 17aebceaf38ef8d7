"""The worker of a process: adapters put into its ports, and what runs beside it."""

import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

from adapters.metrics.metered import metered_queue, metered_runs
from adapters.metrics.metrics import Metrics
from adapters.postgres.connections import open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.live_logs import PostgresLiveLogs
from adapters.postgres.notifications import WorkListener
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.scripts import PostgresScripts
from adapters.system import uuid7
from application.maintenance.periodic import TaskMonitor
from application.ports.errors import Unavailable
from application.ports.sandbox import RunScript
from application.scripts.known import KnownScripts
from application.worker.config import WorkerConfig, WorkerPorts
from application.worker.reproduction_sampler import ReproductionAlarm
from application.worker.worker import Worker
from domain.execution import Finished
from entrypoints.composition.background import background_task
from entrypoints.composition.jobs import watching_jobs
from entrypoints.composition.replaying import carrying_replays_on
from entrypoints.composition.reproducing import reproduction_ports, sampling
from entrypoints.composition.sandboxes import reuse_of, sandbox_of
from entrypoints.composition.sending_events import sending_events
from entrypoints.composition.startup_checks import await_schema, usable
from entrypoints.configuration.keyring import keyring_of
from entrypoints.configuration.settings import Settings


@asynccontextmanager
async def worker_of(
    settings: Settings,
    metrics: Metrics,
    around: Callable[[RunScript], RunScript],
    on_completed: Callable[[Finished], None] = lambda finished: None,
    alarm: ReproductionAlarm | None = None,
) -> AsyncIterator[Worker]:
    """Provide a worker, awake to new work, with `around` its runs. It waits for a database that is not there yet."""
    name, lease = f"{socket.gethostname()}:{os.getpid()}", timedelta(seconds=settings.lease_seconds)
    seals = keyring_of(settings)
    async with AsyncExitStack() as stack:
        sizes = await usable(settings)
        pool = open_pool(settings.database_url, "bateia worker", sizes.worker, settings.pooling)
        await stack.enter_async_context(pool)
        await await_schema(pool, settings)
        sandbox = await stack.enter_async_context(
            sandbox_of(settings, settings.slots, metrics, analyses=False, reuse=reuse_of(settings))
        )
        queue, instruments = PostgresQueue(pool, name, lease, settings.script_runs, seals), metrics.instruments
        queue.slots = settings.slots
        metrics.add_pool(pool.get_stats)
        instruments.slots.set(settings.slots)
        metered, run = metered_queue(queue, instruments), around(metered_runs(sandbox.run, instruments))
        monitor = TaskMonitor(instruments.observe_failure)
        if settings.reproduce_every:
            repeating = reproduction_ports(KnownScripts(PostgresScripts(pool)), PostgresExecutions(pool, seals, lease))
            offer = await stack.enter_async_context(
                sampling(repeating, settings.reproduce_every, instruments, monitor, alarm or ReproductionAlarm())
            )
            on_completed = _both(on_completed, offer)
        replays = carrying_replays_on(pool, settings, seals, instruments, monitor)
        on_completed = _both(on_completed, await stack.enter_async_context(replays))
        sending = sending_events(pool, settings, seals, instruments, monitor)
        wake_sender = await stack.enter_async_context(sending)
        wake_jobs = await stack.enter_async_context(watching_jobs(pool, settings, instruments, monitor))
        ports = WorkerPorts(
            queue=metered,
            run_script=run,
            new_id=uuid7,
            monotonic=time.monotonic,
            resting_engines=sandbox.resting_engines,
            on_completed=on_completed,
            live_logs=PostgresLiveLogs(pool, seals),
            running_log=sandbox.running_log,
            monitor=monitor,
        )
        worker = Worker(ports, _worker_config(settings, name))
        listener = WorkListener(
            settings.direct_url, worker.wake.set, worker.abort, settings.direct_pooling, ports.monitor
        )
        await stack.enter_async_context(background_task(listener.run(worker.check_claims, wake_sender, wake_jobs)))
        stack.push_async_callback(notifier_of(pool).drain)
        notifier_of(pool).monitor = ports.monitor
        yield worker
        with suppress(Unavailable):  # then it is forgotten when it has not been seen for a while
            await queue.leave()


def _both(one: Callable[[Finished], None], other: Callable[[Finished], None]) -> Callable[[Finished], None]:
    def call(finished: Finished) -> None:
        one(finished)
        other(finished)

    return call


def _worker_config(settings: Settings, name: str) -> WorkerConfig:
    return WorkerConfig(
        worker=name,
        slots=settings.slots,
        max_attempts=settings.attempts,
        renew_seconds=settings.lease_seconds / 3,
        reclaim_seconds=settings.lease_seconds / 3,
        grace_seconds=settings.grace_seconds,
        capped=settings.script_runs > 0,
    )
