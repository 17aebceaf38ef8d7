"""Dependencies of the HTTP side."""

from ipaddress import IPv4Network, IPv6Network

from attrs import frozen

from adapters.http.transport.instrumentation import Expose, ObserveRequest, expose_nothing, ignore_request
from adapters.http.transport.memory_budget import MemoryBudget
from adapters.http.transport.minimum_rate import MinimumRate
from adapters.http.transport.own_hosts import OwnHosts
from application.access.authorise import Authorizer
from application.executions.admission import Admission
from application.maintenance.flush_audit_reads import AuditReadBuffer
from application.ports.access import AuditTrail
from application.ports.bodies import Bodies
from application.ports.executions import CompletionSignals, Executions, IdempotencyKeys
from application.ports.operations import CheckReadiness
from application.ports.sandbox import CheckScript
from application.ports.scripts import Scripts
from application.ports.system import Clock, NewId
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.limits import Limits


@frozen(kw_only=True)
class Dependencies:
    """The ports, and the operator's limits (in bytes, if nothing else is said).

    `default_engine` is the engine of versions that name none, `engines` those that one may name.
    `root_path` is the path prefix under which a proxy publishes the service, "" for none.
    """

    access: Authorizer
    audit: AuditTrail
    reads: AuditReadBuffer
    scripts: Scripts
    executions: Executions
    idempotency_keys: IdempotencyKeys
    admission: Admission
    endings: CompletionSignals
    bodies: Bodies
    check_script: CheckScript
    check_readiness: CheckReadiness
    clock: Clock
    new_id: NewId
    default_limits: Limits
    limit_ceilings: Limits
    max_source_bytes: int
    max_dataset_bytes: int
    inline_result_bytes: int
    memory: MemoryBudget
    pace: MinimumRate
    hosts: OwnHosts
    default_engine: EngineName = DEFAULT_ENGINE
    engines: tuple[EngineName, ...] = tuple(EngineName)
    root_path: str = ""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    observe_request: ObserveRequest = ignore_request
    expose: Expose = expose_nothing
