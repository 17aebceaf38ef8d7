"""Delete objects."""

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.stores.use import Caller, ObjectRefused, StorePorts, UnknownObject, record
from application.stores.write import WriteObject, WriteRefused, check_write
from domain.audit import Action
from domain.preconditions import Precondition
from domain.stores import ObjectUrl


async def delete_object(
    ports: StorePorts, url: ObjectUrl, precondition: Precondition, caller: Caller
) -> Result[None, ObjectRefused | WriteRefused]:
    """Delete an object, if its precondition holds."""
    checked = await check_write(ports, WriteObject(url, precondition, caller))
    if not is_successful(checked):
        return Failure(checked.failure())
    if checked.unwrap() is None:
        return Failure(UnknownObject(url))
    await record(ports, Action.DELETED_OBJECT, url, caller)
    return Success(None) if await ports.stores.delete(url) else Failure(UnknownObject(url))
