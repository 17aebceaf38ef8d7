"""List stores, and the objects of a folder."""

from collections.abc import Sequence

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.stores import StoredObject, StoreInfo
from application.stores.use import Caller, StorePorts, usable
from domain.stores import Folder, Operation, StoreRefused


@frozen
class ListObjects:
    """The wanted objects: those of a folder whose paths come after one."""

    folder: Folder
    after: str
    limit: int


def list_stores(ports: StorePorts, caller: Caller) -> Sequence[StoreInfo]:
    """List the stores that the caller may use for something, by name."""
    found = sorted(ports.stores.stores().items(), key=lambda one: one[0].value)
    return [
        info
        for name, info in found
        if any(is_successful(usable(ports, name, operation, caller)) for operation in Operation)
    ]


async def list_objects(
    ports: StorePorts, wanted: ListObjects, caller: Caller
) -> Result[Sequence[StoredObject], StoreRefused]:
    """List objects of a folder and its subfolders, by path."""
    allowed = usable(ports, wanted.folder.store, Operation.READ, caller)
    if not is_successful(allowed):
        return Failure(allowed.failure())
    return Success(await ports.stores.page(wanted.folder, wanted.after, wanted.limit))
