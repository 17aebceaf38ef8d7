"""The port `ObjectStores` in memory: objects of a process, for tests."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from itertools import count
from typing import Final

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from application.ports.stores import (
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoredObject,
    StoreInfo,
    StoreUnavailable,
    TableSource,
    WrittenObject,
)
from application.ports.system import Clock
from domain.body import digest
from domain.stores import (
    RESERVED_PREFIX,
    Folder,
    ObjectPath,
    ObjectPattern,
    ObjectUrl,
    StoreName,
    StoreRules,
    matches,
    store_name,
)

PIECE_BYTES: Final = 64 * 1024


def any_store(name: str) -> StoreInfo:
    """Describe a store that allows everything."""
    return StoreInfo(store_name(name).unwrap(), StoreRules(), can_resume=True)


@frozen
class _Object:
    about: StoredObject
    data: bytes = field(repr=False)


class MemoryStores:
    """The port `ObjectStores`. Every write makes a new version, even one of the same bytes."""

    def __init__(self, clock: Clock, stores: Iterable[StoreInfo], piece_bytes: int = PIECE_BYTES) -> None:
        self._clock, self._piece_bytes = clock, piece_bytes
        self._stores = {one.name: one for one in stores}
        self._objects: dict[StoreName, dict[str, _Object]] = {name: {} for name in self._stores}
        self._versions = count(1)

    def stores(self) -> Mapping[StoreName, StoreInfo]:
        return self._stores

    async def objects(self, pattern: ObjectPattern) -> AsyncIterator[StoredObject]:
        for found in list(self._objects[pattern.store].values()):
            path = found.about.path
            if not path.startswith(RESERVED_PREFIX) and matches(pattern, ObjectPath(path)):
                yield found.about

    async def page(self, folder: Folder, after: str, limit: int) -> Sequence[StoredObject]:
        found = [one.about for one in self._in(folder) if one.about.path > after]
        return sorted(found, key=lambda one: one.path)[:limit]

    async def head(self, url: ObjectUrl) -> StoredObject | None:
        found = self._objects[url.store].get(url.path.value)
        return None if found is None else found.about

    async def read(
        self, url: ObjectUrl, start: int = 0, end: int | None = None, etag: str | None = None
    ) -> Result[AsyncIterator[bytes], ObjectMissing | ObjectChanged]:
        found = self._objects[url.store].get(url.path.value)
        if found is None:
            return Failure(ObjectMissing(url.path.value))
        if etag not in (None, found.about.etag):
            return Failure(ObjectChanged(url.path.value))
        return Success(self._pieces(url, found, start, end))

    async def write(
        self, url: ObjectUrl, pieces: AsyncIterator[bytes], *, replace: bool = True
    ) -> Result[WrittenObject, ObjectExists]:
        data = b"".join([piece async for piece in pieces])
        if not replace and url.path.value in self._objects[url.store]:
            return Failure(ObjectExists(url.path.value))
        return Success(WrittenObject(self.put(url, data), digest(data)))

    async def move(self, source: ObjectUrl, target: ObjectUrl) -> None:
        objects = self._objects[source.store]
        moved = objects.pop(source.path.value, None)
        if moved is not None:
            objects[target.path.value] = evolve(moved, about=evolve(moved.about, path=target.path.value))

    async def delete(self, url: ObjectUrl) -> bool:
        return self.remove(url)

    async def delete_all(self, folder: Folder) -> int:
        found = self._in(folder)
        for one in found:
            del self._objects[folder.store][one.about.path]
        return len(found)

    def table_source(self, url: ObjectUrl) -> TableSource:
        return TableSource(f"memory://{url.store.value}/{url.path.value}")

    def contents(self, store: StoreName) -> Mapping[str, bytes]:
        """Return the bytes of a store's objects by their paths, with those of the service's own prefix."""
        return {path: one.data for path, one in sorted(self._objects[store].items())}

    def put(self, url: ObjectUrl, data: bytes) -> StoredObject:
        """Write an object at once."""
        about = StoredObject(url.path.value, len(data), f'"{next(self._versions)}"', self._clock())
        self._objects[url.store][url.path.value] = _Object(about, data)
        return about

    def remove(self, url: ObjectUrl) -> bool:
        """Delete an object at once. Tell whether it was there."""
        return self._objects[url.store].pop(url.path.value, None) is not None

    async def _pieces(self, url: ObjectUrl, found: _Object, start: int, end: int | None) -> AsyncIterator[bytes]:
        last = len(found.data) if end is None else min(end, len(found.data))
        for at in range(start, last, self._piece_bytes):
            if self._objects[url.store].get(url.path.value) is not found:
                raise StoreUnavailable("the object was replaced while it was read")
            yield found.data[at : min(at + self._piece_bytes, last)]

    def _in(self, folder: Folder) -> Sequence[_Object]:
        """Find the objects of a folder, without the service's own unless it is one of them."""
        is_own = folder.prefix.startswith(RESERVED_PREFIX)
        objects = [(path, one) for path, one in self._objects[folder.store].items() if path.startswith(folder.prefix)]
        return [one for path, one in objects if is_own or not path.startswith(RESERVED_PREFIX)]
