"""One suite a port, run on every store: each test gets a way to open one, empty and of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Final, Protocol

import pytest
from attrs import evolve, frozen
from prometheus_client import CollectorRegistry

from adapters.encryption.aes_gcm import AesKeyring
from adapters.encryption.master_keys import MasterKeys
from adapters.memory.store import MemoryStore
from adapters.metrics.instruments import Instruments
from adapters.metrics.metered import metered_executions, metered_idempotency_keys, metered_queue
from adapters.postgres.activity import PostgresScriptActivity
from adapters.postgres.aliases import PostgresAliases
from adapters.postgres.api_keys import PostgresApiKeys
from adapters.postgres.audit import PostgresAudit
from adapters.postgres.batches import PostgresBatches
from adapters.postgres.connections import open_pool
from adapters.postgres.delivery_work import PostgresDeliveryWork
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.idempotency import PostgresIdempotencyKeys
from adapters.postgres.installation import PostgresInstallation
from adapters.postgres.job_work import PostgresJobWork
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.live_logs import PostgresLiveLogs
from adapters.postgres.notifications import EndingsListener
from adapters.postgres.queue import PostgresQueue
from adapters.postgres.queue_state import PostgresQueueState
from adapters.postgres.replay_work import PostgresReplayWork
from adapters.postgres.retention import PostgresExpiredExecutions
from adapters.postgres.script_tests import PostgresScriptTests
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.status import PostgresDatabaseStatus
from adapters.postgres.version_replays import PostgresVersionReplays
from adapters.postgres.version_usage import PostgresVersionUsage
from adapters.postgres.webhooks import PostgresWebhooks
from adapters.system import utc_now
from application.executions.completion_signals import WatchedCompletions
from application.ports.access import ApiKeys, AuditTrail
from application.ports.activity import ScriptActivity
from application.ports.aliases import Aliases
from application.ports.batches import Batches
from application.ports.encryption import NO_ENCRYPTION, Keyring
from application.ports.executions import CompletionSignals, Executions, IdempotencyKeys
from application.ports.installation import Installation
from application.ports.jobs import Jobs, JobWork
from application.ports.live_logs import LiveLogs
from application.ports.operations import ExpiredExecutions, ReadQueueState
from application.ports.queue import Queue
from application.ports.script_tests import ScriptTests
from application.ports.scripts import Scripts
from application.ports.status import ReadDatabaseStatus
from application.ports.version_replays import ReplayWork, VersionReplays
from application.ports.version_usage import ReadVersionUsage
from application.ports.webhooks import DeliveryWork, Webhooks
from tests.support.postgres import in_background

MASTER_KEYS: Final = MasterKeys("a", {"a": bytes(range(32))})


@frozen
class Store:
    """The ports over one store. `rival` is the queue of a second worker, which has `rival_replay_work`,
    `rival_delivery_work` and `rival_job_work` too; `rival_keys` and `rival_installation` are a second API process's."""

    scripts: Scripts
    activity: ScriptActivity
    version_usage: ReadVersionUsage
    script_tests: ScriptTests
    aliases: Aliases
    executions: Executions
    batches: Batches
    queue: Queue
    queue_state: ReadQueueState
    rival: Queue
    endings: CompletionSignals
    keys: IdempotencyKeys
    rival_keys: IdempotencyKeys
    api_keys: ApiKeys
    audit: AuditTrail
    expired: ExpiredExecutions
    installation: Installation
    status: ReadDatabaseStatus
    rival_installation: Installation
    replays: VersionReplays
    replay_work: ReplayWork
    rival_replay_work: ReplayWork
    webhooks: Webhooks
    delivery_work: DeliveryWork
    rival_delivery_work: DeliveryWork
    live_logs: LiveLogs
    jobs: Jobs
    job_work: JobWork
    rival_job_work: JobWork


class OpenStore(Protocol):
    """Open an empty store whose leases and keys last that long, and whose queues start so many runs of a script at
    once."""

    def __call__(
        self,
        lease: timedelta = timedelta(minutes=1),
        script_runs: int = 0,
        keys_kept_for: timedelta = timedelta(days=1),
    ) -> AbstractAsyncContextManager[Store]: ...


@asynccontextmanager
async def memory_store(
    lease: timedelta = timedelta(minutes=1), script_runs: int = 0, keys_kept_for: timedelta = timedelta(days=1)
) -> AsyncIterator[Store]:
    store = MemoryStore(utc_now, lease, script_runs=script_runs, keys_kept_for=keys_kept_for)
    yield Store(
        scripts=store.scripts,
        activity=store.activity,
        version_usage=store.version_usage,
        script_tests=store.script_tests,
        aliases=store.aliases,
        executions=store.executions,
        batches=store.batches,
        queue=store.queue,
        queue_state=store.queue_state,
        rival=store.queue,
        endings=store.endings,
        keys=store.keys,
        rival_keys=store.keys,
        api_keys=store.api_keys,
        audit=store.audit,
        expired=store.expired,
        installation=store.installation,
        status=store.status,
        rival_installation=store.installation,
        replays=store.replays,
        replay_work=store.replay_work,
        rival_replay_work=store.replay_work.of_another_process(),
        webhooks=store.webhooks,
        delivery_work=store.delivery_work,
        rival_delivery_work=store.delivery_work.of_another_process(),
        live_logs=store.live_logs,
        jobs=store.jobs,
        job_work=store.job_work,
        rival_job_work=store.job_work.of_another_process(),
    )


@asynccontextmanager
async def metered_store(
    lease: timedelta = timedelta(minutes=1), script_runs: int = 0, keys_kept_for: timedelta = timedelta(days=1)
) -> AsyncIterator[Store]:
    instruments = Instruments(CollectorRegistry())
    async with memory_store(lease, script_runs, keys_kept_for) as store:
        keys = metered_idempotency_keys(store.keys, instruments)
        queue = metered_queue(store.queue, instruments)
        yield evolve(
            store,
            executions=metered_executions(store.executions, instruments),
            queue=queue,
            rival=queue,
            keys=keys,
            rival_keys=keys,
        )


@asynccontextmanager
async def postgres_store(
    url: str,
    seals: Keyring,
    lease: timedelta = timedelta(minutes=1),
    script_runs: int = 0,
    keys_kept_for: timedelta = timedelta(days=1),
) -> AsyncIterator[Store]:
    endings = WatchedCompletions()
    listener = EndingsListener(url, endings)
    async with open_pool(url, "tests", size=4) as pool, in_background(listener.run(pool)):
        await listener.has_tried.wait()
        yield Store(
            scripts=PostgresScripts(pool),
            activity=PostgresScriptActivity(pool),
            version_usage=PostgresVersionUsage(pool),
            script_tests=PostgresScriptTests(pool, seals),
            aliases=PostgresAliases(pool),
            executions=PostgresExecutions(pool, seals, lease),
            batches=PostgresBatches(pool, keys_kept_for, seals),
            queue=PostgresQueue(pool, "one", lease, script_runs, seals),
            queue_state=PostgresQueueState(pool, lease),
            rival=PostgresQueue(pool, "two", lease, script_runs, seals),
            endings=endings,
            keys=PostgresIdempotencyKeys(pool, keys_kept_for, seals, lease),
            rival_keys=PostgresIdempotencyKeys(pool, keys_kept_for, seals, lease),
            api_keys=PostgresApiKeys(pool),
            audit=PostgresAudit(pool),
            expired=PostgresExpiredExecutions(pool, seals),
            installation=PostgresInstallation(pool),
            status=PostgresDatabaseStatus(pool, lease),
            rival_installation=PostgresInstallation(pool),
            replays=PostgresVersionReplays(pool, seals),
            replay_work=PostgresReplayWork(pool, lease, seals),
            rival_replay_work=PostgresReplayWork(pool, lease, seals),
            webhooks=PostgresWebhooks(pool, seals),
            delivery_work=PostgresDeliveryWork(pool, lease, seals),
            rival_delivery_work=PostgresDeliveryWork(pool, lease, seals),
            live_logs=PostgresLiveLogs(pool, seals),
            jobs=PostgresJobs(pool, keys_kept_for, seals),
            job_work=PostgresJobWork(pool, lease, seals),
            rival_job_work=PostgresJobWork(pool, lease, seals),
        )


@pytest.fixture(params=["memory", "metered", "postgres, hostile, sealed", "postgres, pooled"])
def open_store(request: pytest.FixtureRequest) -> OpenStore:
    """Provide each kind of store. The pooler's role is the hostile one too, and its bodies are not sealed. So these two
    have all that "postgres" has, which is for suites where a pooler makes no difference."""
    if request.param == "memory":
        return memory_store
    if request.param == "metered":
        return metered_store
    lenders = {"postgres, hostile, sealed": "lent_hostile_database", "postgres, pooled": "lent_pooled_database"}
    lent_database: Callable[[], str] = request.getfixturevalue(lenders.get(request.param, "lent_database"))
    seals = AesKeyring(MASTER_KEYS) if "sealed" in request.param else NO_ENCRYPTION
    return lambda *arguments, **named: postgres_store(lent_database(), seals, *arguments, **named)
