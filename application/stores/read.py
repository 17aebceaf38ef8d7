"""Read objects: find one, and then the bytes of that very version."""

from collections.abc import AsyncIterator

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.stores import StoredObject, StoreUnavailable
from application.stores.use import Caller, ObjectRefused, StorePorts, UnknownObject, usable
from domain.stores import ObjectUrl, Operation


@frozen
class FoundObject:
    """An object, and the way to its bytes."""

    url: ObjectUrl
    about: StoredObject
    ports: StorePorts

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        """Read bytes of the version that was found. Raises `StoreUnavailable` if it was replaced meanwhile."""
        read = await self.ports.stores.read(self.url, start, end, self.about.etag)
        if not is_successful(read):
            raise StoreUnavailable("an object was replaced or removed before it was read")
        return read.unwrap()


async def find_object(ports: StorePorts, url: ObjectUrl, caller: Caller) -> Result[FoundObject, ObjectRefused]:
    """Find an object that the caller may read."""
    allowed = usable(ports, url.store, Operation.READ, caller)
    if not is_successful(allowed):
        return Failure(allowed.failure())
    about = await ports.stores.head(url)
    return Failure(UnknownObject(url)) if about is None else Success(FoundObject(url, about, ports))
