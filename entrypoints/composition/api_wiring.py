"""The dependencies of an API process: adapters put into ports, and use cases bound to them."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

from adapters.comparison.results import comparing_results
from adapters.http.dependencies import Audit, Dependencies, Operations
from adapters.metrics.database import DatabaseGauges
from adapters.metrics.metered import metered_signer, metered_trials
from adapters.metrics.metrics import Metrics
from adapters.postgres.api_keys import PostgresApiKeys
from adapters.postgres.connections import open_pool
from adapters.postgres.notifications import EndingsListener
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queue_state import PostgresQueueState
from adapters.postgres.readiness import PostgresReadiness
from adapters.postgres.vitals import PostgresQueueStats
from adapters.system import utc_now, uuid7
from application.access.authorise import Authorizer
from application.batches.use_cases import BatchUseCases
from application.executions.compare import ComparisonUseCases
from application.executions.completion_signals import WatchedCompletions
from application.executions.log_news import LOOK_SECONDS, LogNews
from application.executions.receipts import ReceiptUseCases
from application.executions.use_cases import ExecutionUseCases, ReproductionUseCases
from application.jobs.use_cases import JobUseCases
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic, with_background
from application.ports.direct_start import DirectStart, start_nothing
from application.ports.errors import Unavailable
from application.previews.use_cases import PreviewUseCases
from application.replays.use_cases import VersionReplayUseCases
from application.scripts.activity import ActivityUseCases
from application.scripts.aliases import AliasUseCases
from application.scripts.gates import GateUseCases
from application.scripts.use_cases import ScriptUseCases
from application.stores.use import StorePorts
from application.stores.use_cases import StoreUseCases
from application.worker.reproduction_sampler import ReproductionAlarm, with_reproductions
from entrypoints.composition.api_tasks import maintaining, writing_buffers
from entrypoints.composition.background import background_task
from entrypoints.composition.object_stores import object_stores
from entrypoints.composition.operator_choices import request_limits, site, upload_policy
from entrypoints.composition.sandboxes import sandbox_of, trial_sandbox_of, with_sandbox
from entrypoints.composition.startup_checks import refuse_exposure, refuse_misfit, usable
from entrypoints.composition.status import status_reader
from entrypoints.composition.stores import stores_of
from entrypoints.composition.use_case_ports import (
    api_key_use_cases,
    batch_ports,
    job_ports,
    preview_ports,
    requested_reproduction_ports,
    script_test_use_cases,
    submission_ports,
    version_replay_ports,
    webhook_use_cases,
)
from entrypoints.configuration.keyring import keyring_of
from entrypoints.configuration.settings import Settings
from entrypoints.configuration.signing import signer_of, with_signing

_FORGETTING_SECONDS: Final = 3600
_CHECKING_SLOTS: Final = 2  # so that one source whose top level loops blocks no other check


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
    instruments, limits = metrics.instruments, request_limits(settings)
    monitor = TaskMonitor(instruments.observe_failure)
    async with AsyncExitStack() as stack:
        sizes = await usable(settings)
        pool = open_pool(settings.database_url, "bateia api", sizes.api, settings.pooling)
        await stack.enter_async_context(pool)
        with suppress(Unavailable):
            await refuse_misfit(pool)
            await refuse_exposure(pool, settings)
        stack.push_async_callback(notifier_of(pool).drain)
        notifier_of(pool).monitor = monitor

        stores = stores_of(pool, settings, seals, instruments)
        api_keys = PostgresApiKeys(pool)
        access = Authorizer(api_keys, utc_now, time.monotonic, settings.may_be_open)
        reads = AuditReadBuffer(stores.audit, utc_now, on_refused=instruments.audit_reads_refused.inc)
        listener = EndingsListener(settings.direct_url, endings, settings.direct_pooling, monitor)
        await stack.enter_async_context(background_task(listener.run(pool)))
        log_news = LogNews(stores.live_logs)
        watching = periodic(BackgroundTask.WATCH_LOGS, LOOK_SECONDS, log_news.look, monitor)
        await stack.enter_async_context(background_task(watching))
        await stack.enter_async_context(writing_buffers(access, reads, monitor))
        sandbox = await stack.enter_async_context(sandbox_of(settings, _CHECKING_SLOTS, metrics, analyses=True))

        metrics.add_pool(pool.get_stats)
        metrics.add_sampler(lambda: instruments.body_bytes.set(limits.memory.held_bytes))
        metrics.add_sampler(lambda: instruments.response_bytes.set(limits.memory.response_bytes))
        metrics.add_sampler(lambda: instruments.audit_reads_waiting.set(reads.waiting))
        metrics.add_sampler(lambda: instruments.waiting_readers.set(endings.waiting()))
        metrics.measure_database(DatabaseGauges(PostgresQueueStats(pool, lease), time.monotonic))
        await stack.enter_async_context(maintaining(stores, settings, metrics, monitor))

        configured = object_stores(settings)
        use_objects = StoreUseCases(
            StorePorts(stores=configured, uploads=configured.uploads(), audit=stores.audit, clock=utc_now, new_id=uuid7)
        )
        forgetting = periodic(BackgroundTask.FORGET_UPLOADS, _FORGETTING_SECONDS, use_objects.forget, monitor)
        await stack.enter_async_context(background_task(forgetting))

        trials = await stack.enter_async_context(trial_sandbox_of(settings, metrics))
        run_trial = metered_trials(trials.run, instruments)
        signing = metered_signer(signer, instruments)
        submission = submission_ports(settings, stores, start_directly)
        compare_results = await stack.enter_async_context(comparing_results(submission.bodies))
        database = PostgresReadiness(pool, lease, seals, lambda: listener.trouble)
        readiness = with_background(with_sandbox(database, sandbox), monitor)
        readiness = with_signing(with_reproductions(readiness, alarm or ReproductionAlarm()), signer)
        yield (
            Dependencies(
                access=access,
                api_keys=api_key_use_cases(api_keys),
                audit=Audit(stores.audit, reads),
                scripts=ScriptUseCases(scripts=stores.scripts, check_script=sandbox.check, clock=utc_now, new_id=uuid7),
                activity=ActivityUseCases(
                    scripts=stores.scripts,
                    activity=stores.activity,
                    version_usage=stores.version_usage,
                    clock=utc_now,
                ),
                aliases=AliasUseCases(scripts=stores.scripts, aliases=stores.aliases),
                gates=GateUseCases(scripts=stores.scripts, aliases=stores.aliases),
                executions=ExecutionUseCases(submission, endings, stores.live_logs, log_news),
                batches=BatchUseCases(batch_ports(stores, submission, endings)),
                jobs=JobUseCases(job_ports(stores, configured, submission, endings, signing)),
                receipts=ReceiptUseCases(stores.executions, stores.installation, signing),
                reproductions=ReproductionUseCases(requested_reproduction_ports(settings, submission, endings)),
                previews=PreviewUseCases(preview_ports(stores, trials.check, run_trial, compare_results, reads.record)),
                script_tests=script_test_use_cases(stores, sandbox.check, run_trial),
                replays=VersionReplayUseCases(version_replay_ports(stores, submission, endings)),
                stores=use_objects,
                webhooks=webhook_use_cases(settings, stores),
                comparisons=ComparisonUseCases(stores.executions, compare_results),
                bodies=submission.bodies,
                uploads=upload_policy(settings),
                limits=limits,
                site=site(settings),
                operations=Operations(
                    check_readiness=readiness,
                    read_queue=PostgresQueueState(pool, lease),
                    status=status_reader(settings, pool),
                    new_id=uuid7,
                    observe_request=instruments.observe_request,
                    expose=metrics.expose,
                ),
            ),
            endings,
        )
