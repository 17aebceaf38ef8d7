"""Write objects. An object appears as a whole, after its precondition was checked again and its record was written."""

from collections.abc import AsyncIterator
from typing import TypeAlias

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.stores import StoredObject, WrittenObject
from application.stores.use import Caller, StorePorts, record, revision_of, usable
from domain.audit import Action
from domain.preconditions import Precondition, PreconditionFailed
from domain.stores import ObjectUrl, Operation, StoreRefused

WriteRefused: TypeAlias = StoreRefused | PreconditionFailed


@frozen
class WriteObject:
    """A write of an object, under a precondition on its present version."""

    url: ObjectUrl
    precondition: Precondition
    caller: Caller


@frozen
class Written:
    """An object that was written, and whether it replaced another version."""

    url: ObjectUrl
    written: WrittenObject
    has_replaced: bool


class _Overtaken(Exception):
    """The precondition does not hold any more."""

    def __init__(self, failed: PreconditionFailed) -> None:
        super().__init__("another client has changed the object")
        self.failed = failed


async def check_write(ports: StorePorts, command: WriteObject) -> Result[StoredObject | None, WriteRefused]:
    """Check the rules and the precondition, before a byte is read. Return the present version."""
    allowed = usable(ports, command.url.store, Operation.WRITE, command.caller)
    if not is_successful(allowed):
        return Failure(allowed.failure())
    return check_precondition(await ports.stores.head(command.url), command.precondition)


def check_precondition(
    present: StoredObject | None, precondition: Precondition
) -> Result[StoredObject | None, WriteRefused]:
    """Check the precondition on the present version of an object."""
    revision = None if present is None else revision_of(present.etag)
    return Success(present) if precondition.holds(revision) else Failure(PreconditionFailed(revision))


async def write_object(
    ports: StorePorts, command: WriteObject, pieces: AsyncIterator[bytes]
) -> Result[Written, WriteRefused]:
    """Write an object from its pieces. If they end with an exception, nothing has changed."""
    checked = await check_write(ports, command)
    if not is_successful(checked):
        return Failure(checked.failure())
    replaced = checked.unwrap() is not None
    may_replace = command.precondition.allows_existing
    try:
        written = await ports.stores.write(command.url, _confirmed(ports, command, pieces), replace=may_replace)
    except _Overtaken as overtaken:
        return Failure(overtaken.failed)
    if not is_successful(written):
        present = await ports.stores.head(command.url)
        return Failure(PreconditionFailed(None if present is None else revision_of(present.etag)))
    return Success(Written(command.url, written.unwrap(), replaced))


async def _confirmed(ports: StorePorts, command: WriteObject, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Pass the pieces on. Before they end, check the precondition again, since they may have taken hours."""
    async for piece in pieces:
        yield piece
    present = await ports.stores.head(command.url)
    checked = check_precondition(present, command.precondition)
    if not is_successful(checked):
        revision = None if present is None else revision_of(present.etag)
        raise _Overtaken(PreconditionFailed(revision))
    await record(ports, Action.WROTE_OBJECT, command.url, command.caller)
