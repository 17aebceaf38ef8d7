"""Dependencies of the HTTP side."""

from ipaddress import IPv4Network, IPv6Network

from attrs import frozen

from adapters.http.body_pace import Pace
from adapters.http.memory_budget import MemoryBudget
from adapters.http.observing import Expose, ObserveRequest, expose_nothing, ignore_request
from adapters.http.own_hosts import OwnHosts
from application.admission import Admission
from application.audit_reads import ReadsSeen
from application.authorise import Access
from application.ports import (
    AuditTrail,
    Bodies,
    CheckReadiness,
    CheckScript,
    Clock,
    Endings,
    Executions,
    IdempotencyKeys,
    NewId,
    Scripts,
)
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.limits import Limits


@frozen(kw_only=True)
class Dependencies:
    """The ports, and the operator's limits (in bytes, if nothing else is said).

    `default_engine` is the engine of versions that name none, `engines` those that one may name.
    `root_path` is the path prefix under which a proxy publishes the service, "" for none.
    """

    access: Access
    audit: AuditTrail
    reads: ReadsSeen
    scripts: Scripts
    executions: Executions
    idempotency_keys: IdempotencyKeys
    admission: Admission
    endings: Endings
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
    pace: Pace
    hosts: OwnHosts
    default_engine: EngineName = DEFAULT_ENGINE
    engines: tuple[EngineName, ...] = tuple(EngineName)
    root_path: str = ""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    observe_request: ObserveRequest = ignore_request
    expose: Expose = expose_nothing
