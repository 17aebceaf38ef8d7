"""The protocol of one store, which `ConfiguredStores` calls by the store's name. Paths are texts that were parsed."""

from collections.abc import AsyncIterator, Sequence
from typing import Final, Protocol

from returns.result import Result

from application.ports.stores import (
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoredObject,
    TableSource,
    WrittenObject,
)
from domain.limits import MIB

PIECE_BYTES: Final = 4 * MIB
"""The most that one piece of an object has."""


class Backend(Protocol):
    """One store. The methods are those of `ObjectStores`, without the store's name."""

    def objects(self, prefix: str) -> AsyncIterator[StoredObject]: ...

    async def page(self, prefix: str, after: str, limit: int) -> Sequence[StoredObject]: ...

    async def head(self, path: str) -> StoredObject | None: ...

    async def read(
        self, path: str, start: int, end: int | None, etag: str | None
    ) -> Result[AsyncIterator[bytes], ObjectMissing | ObjectChanged]: ...

    async def write(
        self, path: str, pieces: AsyncIterator[bytes], *, replace: bool
    ) -> Result[WrittenObject, ObjectExists]: ...

    async def move(self, source: str, target: str) -> None: ...

    async def delete(self, path: str) -> bool: ...

    async def delete_all(self, prefix: str) -> int: ...

    def table_source(self, path: str) -> TableSource: ...
