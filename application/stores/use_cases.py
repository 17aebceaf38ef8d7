"""The use cases of stores with their ports bound, once for each process."""

from collections.abc import AsyncIterator, Sequence

from attrs import frozen
from returns.result import Result

from application.ports.stores import StoredObject, StoreInfo
from application.stores.delete import delete_object
from application.stores.list import ListObjects, list_objects, list_stores
from application.stores.read import FoundObject, find_object
from application.stores.uploads import (
    StoredUpload,
    UploadRef,
    UploadRefused,
    append_upload,
    begin_upload,
    discard_upload,
    find_upload,
    forget_uploads,
)
from application.stores.use import Caller, ObjectRefused, StorePorts
from application.stores.write import WriteObject, WriteRefused, Written, write_object
from domain.preconditions import Precondition
from domain.stores import ObjectUrl, StoreRefused


@frozen
class StoreUseCases:
    """List stores and their objects; read, write and delete objects; upload them in several requests."""

    ports: StorePorts

    def all(self, caller: Caller) -> Sequence[StoreInfo]:
        """List the stores that the caller may use."""
        return list_stores(self.ports, caller)

    async def objects(self, wanted: ListObjects, caller: Caller) -> Result[Sequence[StoredObject], StoreRefused]:
        """List objects of a folder, by path."""
        return await list_objects(self.ports, wanted, caller)

    async def find(self, url: ObjectUrl, caller: Caller) -> Result[FoundObject, ObjectRefused]:
        """Find an object."""
        return await find_object(self.ports, url, caller)

    async def write(self, command: WriteObject, pieces: AsyncIterator[bytes]) -> Result[Written, WriteRefused]:
        """Write an object."""
        return await write_object(self.ports, command, pieces)

    async def delete(
        self, url: ObjectUrl, precondition: Precondition, caller: Caller
    ) -> Result[None, ObjectRefused | WriteRefused]:
        """Delete an object."""
        return await delete_object(self.ports, url, precondition, caller)

    async def begin(self, url: ObjectUrl, size_bytes: int, caller: Caller) -> Result[StoredUpload, UploadRefused]:
        """Begin an upload."""
        return await begin_upload(self.ports, url, size_bytes, caller)

    async def upload(self, ref: UploadRef, caller: Caller) -> Result[StoredUpload, UploadRefused]:
        """Find an upload."""
        return await find_upload(self.ports, ref, caller)

    async def append(
        self, found: StoredUpload, offset: int, pieces: AsyncIterator[bytes], caller: Caller
    ) -> Result[StoredUpload | Written, UploadRefused]:
        """Append to an upload, and publish it once it is whole."""
        return await append_upload(self.ports, found, offset, pieces, caller)

    async def discard(self, ref: UploadRef, caller: Caller) -> Result[None, UploadRefused]:
        """Remove an upload."""
        return await discard_upload(self.ports, ref, caller)

    async def forget(self) -> int:
        """Remove the uploads that were not continued for a week."""
        return await forget_uploads(self.ports, self.ports.clock)
