"""Port `ObjectStores` on the stores that an operator has defined."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path

from returns.result import Result

from adapters.stores.backend import Backend
from adapters.stores.configuration import StoreDefinition
from adapters.stores.folder import FolderStore
from adapters.stores.remote import RemoteStore
from adapters.stores.uploads import FolderUploads
from application.ports.stores import (
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoredObject,
    StoreInfo,
    TableSource,
    WrittenObject,
)
from domain.stores import Folder, ObjectPath, ObjectPattern, ObjectUrl, StoreName, matches


class ConfiguredStores:
    """The stores of some definitions. Raises `StoresRefused` for those that their library refuses."""

    def __init__(self, definitions: Iterable[StoreDefinition]) -> None:
        defined = {one.name: one for one in definitions if one.is_enabled}
        self._folders = {
            name: FolderStore(name.value, Path(one.folder)) for name, one in defined.items() if one.folder is not None
        }
        remote = {name: RemoteStore(one) for name, one in defined.items() if one.folder is None}
        self._backends: dict[StoreName, Backend] = {**self._folders, **remote}
        self._infos = {name: StoreInfo(name, one.rules, name in self._folders) for name, one in defined.items()}

    def uploads(self) -> FolderUploads:
        """Provide the port `Uploads` for those of the stores that are folders."""
        return FolderUploads(self._folders)

    def stores(self) -> Mapping[StoreName, StoreInfo]:
        return self._infos

    async def objects(self, pattern: ObjectPattern) -> AsyncIterator[StoredObject]:
        async for one in self._backends[pattern.store].objects(pattern.prefix):
            if matches(pattern, ObjectPath(one.path)):
                yield one

    async def page(self, folder: Folder, after: str, limit: int) -> Sequence[StoredObject]:
        return await self._backends[folder.store].page(folder.prefix, after, limit)

    async def head(self, url: ObjectUrl) -> StoredObject | None:
        return await self._backends[url.store].head(url.path.value)

    async def read(
        self, url: ObjectUrl, start: int = 0, end: int | None = None, etag: str | None = None
    ) -> Result[AsyncIterator[bytes], ObjectMissing | ObjectChanged]:
        return await self._backends[url.store].read(url.path.value, start, end, etag)

    async def write(
        self, url: ObjectUrl, pieces: AsyncIterator[bytes], *, replace: bool = True
    ) -> Result[WrittenObject, ObjectExists]:
        return await self._backends[url.store].write(url.path.value, pieces, replace=replace)

    async def move(self, source: ObjectUrl, target: ObjectUrl) -> None:
        await self._backends[source.store].move(source.path.value, target.path.value)

    async def delete(self, url: ObjectUrl) -> bool:
        return await self._backends[url.store].delete(url.path.value)

    async def delete_all(self, folder: Folder) -> int:
        return await self._backends[folder.store].delete_all(folder.prefix)

    def table_source(self, url: ObjectUrl) -> TableSource:
        return self._backends[url.store].table_source(url.path.value)
