"""The use of stores by requests: the caller, the ports, and the rules that every use obeys."""

from typing import TypeAlias

from attrs import frozen
from returns.result import Failure, Result

from application.ports.access import AuditTrail
from application.ports.stores import ObjectStores, StoreInfo, Uploads
from application.ports.system import Clock, NewId
from domain.audit import Action, Actor, object_event
from domain.stores import ObjectUrl, Operation, StoreName, StoreRefused, UnknownStore, check_use


@frozen(kw_only=True)
class StorePorts:
    """The ports of the uses of stores."""

    stores: ObjectStores
    uploads: Uploads
    audit: AuditTrail
    clock: Clock
    new_id: NewId


@frozen
class Caller:
    """The client of a request: as the audit trail records it, and by the name of its API key, None without one."""

    actor: Actor
    key_name: str | None


@frozen
class UnknownObject:
    """The store has no such object."""

    url: ObjectUrl


ObjectRefused: TypeAlias = StoreRefused | UnknownObject


def usable(
    ports: StorePorts, store: StoreName, operation: Operation, caller: Caller
) -> Result[StoreInfo, StoreRefused]:
    """Find a store that the caller may use."""
    info = ports.stores.stores().get(store)
    if info is None:
        return Failure(UnknownStore(store))
    return check_use(store, info.rules, operation, caller.key_name).map(lambda _: info)


async def record(ports: StorePorts, action: Action, url: ObjectUrl, caller: Caller) -> None:
    """Write an action to the audit trail. It precedes the change, so that no change is without its record."""
    await ports.audit.add([(ports.clock(), object_event(action, url, caller.actor))])


def revision_of(etag: str) -> str:
    """Return the entity tag of an object without its quotes, as preconditions name revisions."""
    return etag.removeprefix("W/").strip('"')
