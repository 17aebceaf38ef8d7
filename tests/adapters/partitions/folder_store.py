"""A store that is a folder, for tests of tasks: no more of the port than they use."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from returns.result import Failure, Result, Success

from application.ports.stores import (
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoredObject,
    TableSource,
    WrittenObject,
)
from domain.body import digest
from domain.partitions import ObjectVersion
from domain.stores import ObjectPath, ObjectUrl, StoreName

STORE: Final = StoreName("lake")
_SOMETIME: Final = datetime(2024, 5, 6, tzinfo=UTC)


def a_url(path: str) -> ObjectUrl:
    """Return the URL of an object."""
    return ObjectUrl(STORE, ObjectPath(path))


class FolderStore:
    """Objects as files of a folder, read in pieces of so many bytes. The entity tag is a digest."""

    def __init__(self, folder: Path, piece_bytes: int = 1 << 20) -> None:
        self.folder, self.piece_bytes = folder, piece_bytes

    def put(self, path: str, data: bytes) -> ObjectVersion:
        """Write an object and return its version."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(data)
        return ObjectVersion(path, len(data), _etag(data))

    def get(self, path: str) -> bytes:
        """Return the bytes of an object."""
        return (self.folder / path).read_bytes()

    def paths(self) -> list[str]:
        """List the objects."""
        return sorted(str(one.relative_to(self.folder)) for one in self.folder.rglob("*") if one.is_file())

    async def head(self, url: ObjectUrl) -> StoredObject | None:
        """Find an object."""
        if not (self.folder / url.path.value).is_file():
            return None
        data = self.get(url.path.value)
        return StoredObject(url.path.value, len(data), _etag(data), _SOMETIME)

    async def read(
        self, url: ObjectUrl, start: int = 0, end: int | None = None, etag: str | None = None
    ) -> Result[AsyncIterator[bytes], ObjectMissing | ObjectChanged]:
        """Read an object."""
        found = await self.head(url)
        if found is None:
            return Failure(ObjectMissing(url.path.value))
        if etag not in (None, found.etag):
            return Failure(ObjectChanged(url.path.value))
        return Success(pieces(self.get(url.path.value)[start:end], self.piece_bytes))

    async def write(
        self, url: ObjectUrl, pieces: AsyncIterator[bytes], *, replace: bool = True
    ) -> Result[WrittenObject, ObjectExists]:
        """Write an object."""
        data = b"".join([piece async for piece in pieces])
        version = self.put(url.path.value, data)
        found = StoredObject(version.path, version.size_bytes, version.etag, _SOMETIME)
        return Success(WrittenObject(found, digest(data)))

    def table_source(self, url: ObjectUrl) -> TableSource:
        """Return the path of a file."""
        return TableSource(str(self.folder / url.path.value))


async def pieces(data: bytes, piece_bytes: int) -> AsyncIterator[bytes]:
    """Yield data in pieces."""
    for start in range(0, len(data), piece_bytes):
        yield data[start : start + piece_bytes]


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
