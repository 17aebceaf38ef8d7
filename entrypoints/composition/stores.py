"""The stores of an API process: PostgreSQL's adapters on its pool, measured where clients wait for them."""

from datetime import timedelta

from attrs import frozen

from adapters.metrics.instruments import Instruments
from adapters.metrics.metered import metered_batches, metered_executions, metered_idempotency_keys
from adapters.postgres.activity import PostgresScriptActivity
from adapters.postgres.aliases import PostgresAliases
from adapters.postgres.audit import PostgresAudit
from adapters.postgres.batches import PostgresBatches
from adapters.postgres.connections import Pool
from adapters.postgres.executions import PostgresExecutions
from adapters.postgres.idempotency import PostgresIdempotencyKeys
from adapters.postgres.installation import PostgresInstallation
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.live_logs import PostgresLiveLogs
from adapters.postgres.retention import PostgresExpiredExecutions
from adapters.postgres.script_tests import PostgresScriptTests
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.version_replays import PostgresVersionReplays
from adapters.postgres.version_usage import PostgresVersionUsage
from adapters.postgres.webhooks import PostgresWebhooks
from application.ports.access import AuditTrail
from application.ports.activity import ScriptActivity
from application.ports.aliases import Aliases
from application.ports.batches import Batches
from application.ports.encryption import Keyring
from application.ports.executions import Executions, IdempotencyKeys
from application.ports.installation import Installation
from application.ports.jobs import Jobs
from application.ports.live_logs import LiveLogs
from application.ports.operations import ExpiredExecutions
from application.ports.script_tests import ScriptTests
from application.ports.scripts import Scripts
from application.ports.version_replays import VersionReplays
from application.ports.version_usage import ReadVersionUsage
from application.ports.webhooks import Webhooks
from entrypoints.configuration.settings import Settings


@frozen(kw_only=True)
class Stores:
    """One adapter for each port of storage."""

    scripts: Scripts
    activity: ScriptActivity
    version_usage: ReadVersionUsage
    script_tests: ScriptTests
    aliases: Aliases
    executions: Executions
    live_logs: LiveLogs
    batches: Batches
    jobs: Jobs
    idempotency_keys: IdempotencyKeys
    expired: ExpiredExecutions
    audit: AuditTrail
    installation: Installation
    replays: VersionReplays
    webhooks: Webhooks


def stores_of(pool: Pool, settings: Settings, seals: Keyring, instruments: Instruments) -> Stores:
    """Create the stores on a pool."""
    lease, kept_for = timedelta(seconds=settings.lease_seconds), timedelta(hours=settings.idempotency_hours)
    return Stores(
        scripts=PostgresScripts(pool),
        activity=PostgresScriptActivity(pool),
        version_usage=PostgresVersionUsage(pool),
        script_tests=PostgresScriptTests(pool, seals),
        aliases=PostgresAliases(pool),
        executions=metered_executions(PostgresExecutions(pool, seals, lease), instruments),
        live_logs=PostgresLiveLogs(pool, seals),
        jobs=PostgresJobs(pool, kept_for, seals),
        batches=metered_batches(PostgresBatches(pool, kept_for, seals), instruments),
        idempotency_keys=metered_idempotency_keys(PostgresIdempotencyKeys(pool, kept_for, seals, lease), instruments),
        expired=PostgresExpiredExecutions(pool, seals),
        audit=PostgresAudit(pool),
        installation=PostgresInstallation(pool),
        replays=PostgresVersionReplays(pool, seals),
        webhooks=PostgresWebhooks(pool, seals),
    )
