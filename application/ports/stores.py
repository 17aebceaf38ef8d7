"""Ports to the stores: their objects, and uploads that can be continued. Data streams; nothing holds a whole object."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import field, frozen
from returns.result import Result

from application.ports.errors import Unavailable
from domain.body import Digest
from domain.stores import Folder, ObjectPath, ObjectPattern, ObjectUrl, StoreName, StoreRules


@frozen
class StoredObject:
    """An object as it is now. The entity tag differs for each version of it."""

    path: str
    size_bytes: int
    etag: str
    modified_at: datetime


@frozen
class WrittenObject:
    """An object that was written, with the digest of its bytes."""

    object: StoredObject
    digest: Digest


@frozen
class StoreInfo:
    """A store as it is shown to clients: never its address or credentials. `can_resume` tells whether it takes uploads
    that can be continued."""

    name: StoreName
    rules: StoreRules
    can_resume: bool


@frozen
class ObjectMissing:
    """There is no such object."""

    path: str


@frozen
class ObjectChanged:
    """The object is not in the expected version."""

    path: str


@frozen
class ObjectExists:
    """An object of that path is there already."""

    path: str


@frozen
class TableSource:
    """The place of an object as a library reads it that has readers of its own: its URL or path, and options that may
    be credentials."""

    location: str
    options: Mapping[str, str] = field(factory=dict, repr=False, hash=False)


class StoreUnavailable(Unavailable):
    """A store does not answer, or refuses the service's own credentials, or has no room. The message names neither
    address nor credentials."""


class StoreFull(StoreUnavailable):
    """A store has no room for what is written to it."""


class ObjectStores(Protocol):
    """The objects of all stores. Rules are not checked here: the application does. Whatever leads out of a store, as a
    link in a folder, is as if it were not there. Raises `StoreUnavailable`; an unknown store is a bug of the caller."""

    def stores(self) -> Mapping[StoreName, StoreInfo]:
        """Return the stores by their names."""
        ...

    def objects(self, pattern: ObjectPattern) -> AsyncIterator[StoredObject]:
        """List the objects that match, in any order, without those of the service's own prefix."""
        ...

    async def page(self, folder: Folder, after: str, limit: int) -> Sequence[StoredObject]:
        """List up to `limit` objects of a folder, with its subfolders, by path, that come after one."""
        ...

    async def head(self, url: ObjectUrl) -> StoredObject | None:
        """Find an object."""
        ...

    async def read(
        self, url: ObjectUrl, start: int = 0, end: int | None = None, etag: str | None = None
    ) -> Result[AsyncIterator[bytes], ObjectMissing | ObjectChanged]:
        """Read bytes from `start` on, up to `end`, in pieces of at most some MiB; of that version only, if it is named.
        A version that is replaced meanwhile never continues with bytes of another: the iterator raises
        `StoreUnavailable` then."""
        ...

    async def write(
        self, url: ObjectUrl, pieces: AsyncIterator[bytes], *, replace: bool = True
    ) -> Result[WrittenObject, ObjectExists]:
        """Write an object, which appears as a whole once all pieces have come, or not at all."""
        ...

    async def move(self, source: ObjectUrl, target: ObjectUrl) -> None:
        """Give an object another path in its store. Repeating it after it has moved changes nothing."""
        ...

    async def delete(self, url: ObjectUrl) -> bool:
        """Delete an object. Tell whether it was there."""
        ...

    async def delete_all(self, folder: Folder) -> int:
        """Delete the objects of a folder, which may be one of the service's own. Return their number."""
        ...

    def table_source(self, url: ObjectUrl) -> TableSource:
        """Return the place of an object for a reader of tables."""
        ...


@frozen(kw_only=True)
class Upload:
    """An upload that can be continued at `offset`, of an object of `size_bytes`."""

    id: UUID
    path: ObjectPath
    size_bytes: int
    offset: int
    created_at: datetime
    created_by: UUID | None = None


@frozen
class UploadMissing:
    """There is no upload of that id: it was completed, cancelled, or not continued for too long."""

    id: UUID


@frozen
class OffsetMismatch:
    """The upload does not continue at that offset, but at its own."""

    actual: Upload


@frozen
class UploadTooLong:
    """More bytes came than the upload announced; none of them is kept."""

    actual: Upload


class Uploads(Protocol):
    """Uploads into stores that are folders. An upload is durable up to its offset."""

    async def begin(self, store: StoreName, upload: Upload) -> None:
        """Begin an upload."""
        ...

    async def find(self, store: StoreName, upload_id: UUID) -> Upload | None:
        """Find an upload."""
        ...

    async def append(
        self, store: StoreName, upload_id: UUID, offset: int, pieces: AsyncIterator[bytes]
    ) -> Result[Upload, UploadMissing | OffsetMismatch | UploadTooLong]:
        """Append bytes. What came before the pieces ended with an exception is kept. One request appends at a time."""
        ...

    async def complete(
        self, store: StoreName, upload_id: UUID
    ) -> Result[WrittenObject, UploadMissing | OffsetMismatch]:
        """Publish an upload whose bytes have all come, as the object, which may replace one."""
        ...

    async def discard(self, store: StoreName, upload_id: UUID) -> bool:
        """Remove an upload. Tell whether it was there."""
        ...

    async def forget(self, store: StoreName, before: datetime) -> int:
        """Remove the uploads that were not continued since that time. Return their number."""
        ...
