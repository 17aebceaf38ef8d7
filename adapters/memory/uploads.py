"""The port `Uploads` in memory, for tests."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from attrs import define, evolve
from returns.result import Failure, Result, Success

from adapters.memory.stores import MemoryStores
from application.ports.stores import OffsetMismatch, Upload, UploadMissing, UploadTooLong, WrittenObject
from application.ports.system import Clock
from domain.body import digest
from domain.stores import ObjectUrl, StoreName


@define
class _Kept:
    upload: Upload
    data: bytes
    changed_at: datetime


class MemoryUploads:
    """The uploads into stores in memory."""

    def __init__(self, stores: MemoryStores, clock: Clock) -> None:
        self._stores, self._clock = stores, clock
        self._kept: dict[tuple[StoreName, UUID], _Kept] = {}

    async def begin(self, store: StoreName, upload: Upload) -> None:
        self._kept[store, upload.id] = _Kept(upload, b"", self._clock())

    async def find(self, store: StoreName, upload_id: UUID) -> Upload | None:
        kept = self._kept.get((store, upload_id))
        return None if kept is None else kept.upload

    async def append(
        self, store: StoreName, upload_id: UUID, offset: int, pieces: AsyncIterator[bytes]
    ) -> Result[Upload, UploadMissing | OffsetMismatch | UploadTooLong]:
        kept = self._kept.get((store, upload_id))
        if kept is None:
            return Failure(UploadMissing(upload_id))
        if kept.upload.offset != offset:
            return Failure(OffsetMismatch(kept.upload))
        begun, before = kept.upload, kept.data
        async for piece in pieces:
            if len(kept.data) + len(piece) > begun.size_bytes:
                kept.upload, kept.data = begun, before
                return Failure(UploadTooLong(begun))
            kept.data += piece
            kept.upload, kept.changed_at = evolve(begun, offset=len(kept.data)), self._clock()
        return Success(kept.upload)

    async def complete(
        self, store: StoreName, upload_id: UUID
    ) -> Result[WrittenObject, UploadMissing | OffsetMismatch]:
        kept = self._kept.get((store, upload_id))
        if kept is None:
            return Failure(UploadMissing(upload_id))
        if kept.upload.offset != kept.upload.size_bytes:
            return Failure(OffsetMismatch(kept.upload))
        del self._kept[store, upload_id]
        return Success(
            WrittenObject(self._stores.put(ObjectUrl(store, kept.upload.path), kept.data), digest(kept.data))
        )

    async def discard(self, store: StoreName, upload_id: UUID) -> bool:
        return self._kept.pop((store, upload_id), None) is not None

    async def forget(self, store: StoreName, before: datetime) -> int:
        old = [key for key, kept in self._kept.items() if key[0] == store and kept.changed_at < before]
        for key in old:
            del self._kept[key]
        return len(old)
