"""Dependencies of the HTTP side: use cases with their ports bound, and the operator's choices."""

from ipaddress import IPv4Network, IPv6Network

from attrs import frozen

from adapters.http.transport.instrumentation import Expose, ObserveRequest, expose_nothing, ignore_request
from adapters.http.transport.memory_budget import MemoryBudget
from adapters.http.transport.minimum_rate import MinimumRate
from adapters.http.transport.own_hosts import OwnHosts
from application.access.authorise import Authorizer
from application.access.use_cases import ApiKeyUseCases
from application.batches.use_cases import BatchUseCases
from application.executions.compare import ComparisonUseCases
from application.executions.receipts import ReceiptUseCases
from application.executions.use_cases import ExecutionUseCases, ReproductionUseCases
from application.jobs.use_cases import JobUseCases
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.ports.access import AuditTrail
from application.ports.bodies import Bodies
from application.ports.operations import CheckReadiness, ReadQueueState
from application.ports.system import NewId
from application.previews.use_cases import PreviewUseCases
from application.replays.use_cases import VersionReplayUseCases
from application.script_tests.use_cases import ScriptTestUseCases
from application.scripts.activity import ActivityUseCases
from application.scripts.aliases import AliasUseCases
from application.scripts.gates import GateUseCases
from application.scripts.use_cases import ScriptUseCases
from application.status.read import StatusReader
from application.stores.use_cases import StoreUseCases
from application.webhooks.use_cases import WebhookUseCases
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.limits import Limits


@frozen
class Audit:
    """The audit trail, and the buffer of reads that are about to be written to it."""

    trail: AuditTrail
    reads: AuditReadBuffer


@frozen(kw_only=True)
class UploadPolicy:
    """The operator's choices for versions: limits, size of a source, and engines.

    `default_engine` is the engine of versions that name none, `engines` are those that a version may name.
    """

    default_limits: Limits
    limit_ceilings: Limits
    max_source_bytes: int
    default_engine: EngineName = DEFAULT_ENGINE
    engines: tuple[EngineName, ...] = tuple(EngineName)


@frozen(kw_only=True)
class RequestLimits:
    """Limits of all requests: the memory that they share, the size of a dataset, and the rate of a body."""

    memory: MemoryBudget
    max_dataset_bytes: int
    minimum_rate: MinimumRate


@frozen(kw_only=True)
class Site:
    """The addresses of the service. `root_path` is the path prefix under which a proxy publishes it, "" for none."""

    hosts: OwnHosts
    root_path: str = ""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()


@frozen(kw_only=True)
class Operations:
    """Readiness, the queue, the status for operators, metrics, and the ids of requests."""

    check_readiness: CheckReadiness
    read_queue: ReadQueueState
    status: StatusReader
    new_id: NewId
    observe_request: ObserveRequest = ignore_request
    expose: Expose = expose_nothing


@frozen(kw_only=True)
class Dependencies:
    """All dependencies of the HTTP side."""

    access: Authorizer
    api_keys: ApiKeyUseCases
    audit: Audit
    scripts: ScriptUseCases
    activity: ActivityUseCases
    script_tests: ScriptTestUseCases
    previews: PreviewUseCases
    replays: VersionReplayUseCases
    aliases: AliasUseCases
    gates: GateUseCases
    executions: ExecutionUseCases
    batches: BatchUseCases
    jobs: JobUseCases
    receipts: ReceiptUseCases
    reproductions: ReproductionUseCases
    comparisons: ComparisonUseCases
    webhooks: WebhookUseCases
    stores: StoreUseCases
    bodies: Bodies
    uploads: UploadPolicy
    limits: RequestLimits
    site: Site
    operations: Operations
