"""Adapters put into ports, for the two processes that do the service's work."""

import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Final

from adapters.http.dependencies import Audit, Dependencies, Operations, RequestLimits, Site, UploadPolicy
from adapters.http.transport.memory_budget import MemoryBudget
from adapters.http.transport.minimum_rate import MinimumRate
from adapters.http.transport.own_hosts import OwnHosts
from adapters.javascript.engines import installed_engines, installed_release
from adapters.json.bodies import JsonBodies
from adapters.metrics.database import DatabaseGauges
from adapters.metrics.metered import (
    metered_executions,
    metered_idempotency_keys,
    metered_queue,
    metered_runs,
    metered_signer,
)
from adapters.metrics.metrics import SAMPLE_SECONDS, Metrics
from adapters.postgres.api_keys import PostgresApiKeys
from adapters.postgres.audit import PostgresAudit
from adapters.postgres.connections import open_pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.idempotency import PostgresIdempotencyKeys
from adapters.postgres.installation import PostgresInstallation
from adapters.postgres.notifications import EndingsListener, WorkListener
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.retention import PostgresExpiredExecutions
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.vitals import PostgresQueueStats
from adapters.system import utc_now, uuid7
from application.access.authorise import Authorizer
from application.executions.admission import Admission
from application.executions.completion_signals import WatchedCompletions
from application.executions.receipts import ReceiptUseCases
from application.executions.reproduce import ReproductionPorts
from application.executions.submit import SubmitPorts
from application.executions.use_cases import ExecutionUseCases, ReproductionUseCases
from application.maintenance.enforce_retention import remove_expired
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic, with_background
from application.maintenance.purge_idempotency_keys import purge_idempotency_keys
from application.ports.direct_start import DirectStart, start_nothing
from application.ports.errors import Unavailable
from application.ports.executions import CompletionSignals
from application.ports.sandbox import RunScript
from application.scripts.known import KnownScripts
from application.scripts.use_cases import ScriptUseCases
from application.worker.config import WorkerConfig, WorkerPorts
from application.worker.reproduction_sampler import ReproductionAlarm, with_reproductions
from application.worker.worker import Worker
from domain.engine import EngineName
from domain.execution import Finished
from domain.retention import Retention, retention
from entrypoints.composition.background import background_task, flushing
from entrypoints.composition.reproducing import reproduction_ports, sampling
from entrypoints.composition.sandboxes import reuse_of, sandbox_of, with_sandbox
from entrypoints.composition.startup_checks import await_schema, refuse_exposure, refuse_misfit, usable
from entrypoints.configuration.keyring import keyring_of
from entrypoints.configuration.settings import Settings
from entrypoints.configuration.signing import signer_of, with_signing

log: Final = logging.getLogger(__name__)

_CHECKING_SLOTS: Final = 2  # so that one source whose top level loops blocks no other check
_FLUSH_SECONDS: Final = 1
_USAGE_SECONDS: Final = 60
_PURGE_SECONDS: Final = 60
_RETENTION_SECONDS: Final = 60


@asynccontextmanager
async def api_dependencies(
    settings: Settings,
    metrics: Metrics,
    start_directly: DirectStart = start_nothing,
    alarm: ReproductionAlarm | None = None,
) -> AsyncIterator[tuple[Dependencies, WatchedCompletions]]:
    """Provide the dependencies of the HTTP side. Without a database it starts, and reports that it is not ready."""
    endings, lease = WatchedCompletions(), timedelta(seconds=settings.lease_seconds)
    seals, signer = keyring_of(settings), signer_of(settings)
    async with AsyncExitStack() as stack:
        sizes = await usable(settings)
        pool = open_pool(settings.database_url, "bateia api", sizes.api, settings.pooling)
        await stack.enter_async_context(pool)
        access = Authorizer(PostgresApiKeys(pool), utc_now, time.monotonic, settings.may_be_open)
        with suppress(Unavailable):
            await refuse_misfit(pool)
            await refuse_exposure(pool, settings)
        instruments, memory = metrics.instruments, MemoryBudget(settings.inflight_bytes)
        monitor = TaskMonitor(instruments.observe_failure)

        stack.push_async_callback(notifier_of(pool).drain)
        notifier_of(pool).monitor = monitor

        async def every(seconds: float, task: BackgroundTask, step: Callable[[], Awaitable[object]]) -> None:
            await stack.enter_async_context(background_task(periodic(task, seconds, step, monitor)))

        listener = EndingsListener(settings.direct_url, endings, settings.direct_pooling, monitor)
        await stack.enter_async_context(background_task(listener.run(pool)))
        await stack.enter_async_context(
            flushing(BackgroundTask.RECORD_API_KEY_USAGE, _USAGE_SECONDS, access.flush_last_used, monitor)
        )
        audit = PostgresAudit(pool)
        reads = AuditReadBuffer(audit, utc_now, on_refused=instruments.audit_reads_refused.inc)
        await stack.enter_async_context(
            flushing(BackgroundTask.FLUSH_AUDIT_READS, _FLUSH_SECONDS, reads.flush, monitor)
        )
        bodies = JsonBodies()
        sandbox = await stack.enter_async_context(sandbox_of(settings, _CHECKING_SLOTS, metrics, analyses=True))
        keys = metered_idempotency_keys(
            PostgresIdempotencyKeys(pool, timedelta(hours=settings.idempotency_hours), seals, lease), instruments
        )
        await every(_PURGE_SECONDS, BackgroundTask.PURGE_IDEMPOTENCY_KEYS, partial(purge_idempotency_keys, keys))
        expired = partial(remove_expired, PostgresExpiredExecutions(pool, seals), _retention(settings), time.monotonic)
        await every(_RETENTION_SECONDS, BackgroundTask.ENFORCE_RETENTION, expired)
        scripts = PostgresScripts(pool)
        executions = metered_executions(PostgresExecutions(pool, seals, lease), instruments)
        submission = SubmitPorts(
            known_scripts=KnownScripts(scripts),
            executions=executions,
            idempotency_keys=keys,
            admission=Admission(executions, settings.queue_depth, time.monotonic),
            bodies=bodies,
            clock=utc_now,
            new_id=uuid7,
            inline_result_bytes=settings.inline_result_bytes,
            start_directly=start_directly,
        )
        readiness = PostgresReadiness(pool, lease, seals, lambda: listener.trouble)
        metrics.add_pool(pool.get_stats)
        metrics.add_sampler(lambda: instruments.body_bytes.set(memory.held_bytes))
        metrics.add_sampler(lambda: instruments.response_bytes.set(memory.response_bytes))
        metrics.add_sampler(lambda: instruments.audit_reads_waiting.set(reads.waiting))
        metrics.add_sampler(lambda: instruments.waiting_readers.set(endings.waiting()))
        metrics.measure_database(DatabaseGauges(PostgresQueueStats(pool, lease), time.monotonic))
        await every(SAMPLE_SECONDS, BackgroundTask.SAMPLE_METRICS, metrics.sample)
        yield (
            Dependencies(
                access=access,
                audit=Audit(audit, reads),
                scripts=ScriptUseCases(scripts=scripts, check_script=sandbox.check, clock=utc_now, new_id=uuid7),
                executions=ExecutionUseCases(submission, endings),
                receipts=ReceiptUseCases(executions, PostgresInstallation(pool), metered_signer(signer, instruments)),
                reproductions=ReproductionUseCases(_reproduction_ports(submission, endings)),
                bodies=bodies,
                uploads=_upload_policy(settings),
                limits=RequestLimits(
                    memory=memory,
                    max_dataset_bytes=settings.dataset_bytes,
                    minimum_rate=MinimumRate(settings.silence_seconds, settings.pace_seconds),
                ),
                site=_site(settings),
                operations=Operations(
                    check_readiness=with_signing(
                        with_reproductions(
                            with_background(with_sandbox(readiness, sandbox), monitor), alarm or ReproductionAlarm()
                        ),
                        signer,
                    ),
                    new_id=uuid7,
                    observe_request=instruments.observe_request,
                    expose=metrics.expose,
                ),
            ),
            endings,
        )


def _reproduction_ports(submission: SubmitPorts, completions: CompletionSignals) -> ReproductionPorts:
    return ReproductionPorts(
        known_scripts=submission.known_scripts,
        executions=submission.executions,
        completions=completions,
        admission=submission.admission,
        bodies=submission.bodies,
        clock=submission.clock,
        new_id=submission.new_id,
        installed_engine=installed_release,
    )


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
        ports = WorkerPorts(
            queue=metered,
            run_script=run,
            new_id=uuid7,
            monotonic=time.monotonic,
            resting_engines=sandbox.resting_engines,
            on_completed=on_completed,
            monitor=monitor,
        )
        worker = Worker(ports, _worker_config(settings, name))
        listener = WorkListener(
            settings.direct_url, worker.wake.set, worker.abort, settings.direct_pooling, ports.monitor
        )
        await stack.enter_async_context(background_task(listener.run(worker.check_claims)))
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


def _upload_policy(settings: Settings) -> UploadPolicy:
    return UploadPolicy(
        default_limits=settings.default_limits,
        limit_ceilings=settings.ceilings,
        max_source_bytes=settings.source_bytes,
        default_engine=EngineName(settings.engine),
        engines=installed_engines(),
    )


def _site(settings: Settings) -> Site:
    return Site(
        hosts=OwnHosts(port=settings.port, listens_on=settings.host, added=settings.allowed_hosts),
        root_path=settings.root_path,
        trusted_proxies=settings.trusted_proxies,
    )


def _retention(settings: Settings) -> Retention:
    return retention(settings.retain_content_days or None, settings.retain_rows_days or None).unwrap()


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
