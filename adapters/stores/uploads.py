"""Port `Uploads` in folders. An upload is a file and a record of what of it is durable: bytes beyond that are discarded
when it is continued, so a process that dies in the middle leaves nothing doubtful."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from returns.result import Failure, Result, Success

from adapters.stores.blocking import in_thread, write_all
from adapters.stores.folder import WRITING, FolderStore, store_errors
from adapters.stores.upload_files import HeldUpload, abandoned, discard, recorded
from application.ports.stores import OffsetMismatch, Upload, UploadMissing, UploadTooLong, WrittenObject
from domain.limits import MIB
from domain.stores import StoreName

_T = TypeVar("_T")

_LOCK_SECONDS: Final = 0.05
_DURABLE_BYTES: Final = 64 * MIB


class FolderUploads:
    """The uploads of those stores that are folders, by their names."""

    def __init__(self, folders: Mapping[StoreName, FolderStore]) -> None:
        self._folders = folders

    async def begin(self, store: StoreName, upload: Upload) -> None:
        """Begin an upload."""
        await self._blocking(store, lambda: HeldUpload.begin(self._folders[store], upload))

    async def find(self, store: StoreName, upload_id: UUID) -> Upload | None:
        """Find an upload."""
        return await self._blocking(store, lambda: recorded(self._folders[store], upload_id))

    async def append(
        self, store: StoreName, upload_id: UUID, offset: int, pieces: AsyncIterator[bytes]
    ) -> Result[Upload, UploadMissing | OffsetMismatch | UploadTooLong]:
        """Append bytes."""
        held = await self._hold(store, upload_id)
        if held is None:
            return Failure(UploadMissing(upload_id))
        try:
            if held.upload.offset != offset:
                return Failure(OffsetMismatch(held.upload))
            return await self._append(store, held, pieces)
        finally:
            held.close()

    async def _hold(self, store: StoreName, upload_id: UUID) -> HeldUpload | None:
        """Wait for other requests that change the upload. No thread waits: the one that they need might be the last."""
        while True:
            with store_errors(store.value), suppress(BlockingIOError):
                return await in_thread(lambda: HeldUpload.open(self._folders[store], upload_id))
            await asyncio.sleep(_LOCK_SECONDS)

    async def _append(
        self, store: StoreName, held: "HeldUpload", pieces: AsyncIterator[bytes]
    ) -> Result[Upload, UploadMissing | OffsetMismatch | UploadTooLong]:
        begun, written = held.upload, held.upload.offset
        try:
            async for piece in pieces:
                if written + len(piece) > begun.size_bytes:
                    written = begun.offset
                    return Failure(UploadTooLong(begun))
                await self._blocking(store, partial(write_all, held.opened, piece))
                written += len(piece)
                if written - held.upload.offset >= _DURABLE_BYTES:
                    await self._blocking(store, partial(held.record, written))
        finally:  # a client that has gone leaves what it has sent
            await self._blocking(store, lambda: held.record(written))
        return Success(held.upload)

    async def complete(
        self, store: StoreName, upload_id: UUID
    ) -> Result[WrittenObject, UploadMissing | OffsetMismatch]:
        """Publish an upload."""
        held = await self._hold(store, upload_id)
        if held is None:
            return Failure(UploadMissing(upload_id))
        try:
            if held.upload.offset != held.upload.size_bytes:
                return Failure(OffsetMismatch(held.upload))
            return Success(await self._blocking(store, held.publish))
        finally:
            held.close()

    async def discard(self, store: StoreName, upload_id: UUID) -> bool:
        """Remove an upload."""
        return await self._blocking(store, lambda: discard(self._folders[store], upload_id))

    async def forget(self, store: StoreName, before: datetime) -> int:
        """Remove the uploads that were not continued since that time, and what killed writers have left."""
        held = self._folders[store]

        def forget() -> int:
            for path, found in list(held.folder.walk(WRITING)):
                if datetime.fromtimestamp(found.st_mtime, UTC) < before:
                    held.folder.remove(path)
            return sum(discard(held, one) for one in abandoned(held.folder, before))

        return await self._blocking(store, forget)

    async def _blocking(self, store: StoreName, work: Callable[[], _T]) -> _T:
        with store_errors(store.value):
            return await in_thread(work)
