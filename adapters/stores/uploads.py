"""Port `Uploads` in folders. An upload is a file and a record of what of it is durable: bytes beyond that are discarded
when it is continued, so a process that dies in the middle leaves nothing doubtful."""

import asyncio
import fcntl
import hashlib
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

from attrs import evolve
from returns.result import Failure, Result, Success

from adapters.stores.folder import FolderStore, described, store_errors, write_all
from application.ports.stores import OffsetMismatch, Upload, UploadMissing, UploadTooLong, WrittenObject
from domain.body import Digest
from domain.limits import MIB
from domain.stores import RESERVED_PREFIX, ObjectPath, StoreName

_T = TypeVar("_T")

_FOLDERS: Final = f"{RESERVED_PREFIX}uploads".split("/")


class FolderUploads:
    """The uploads of those stores that are folders, by their names."""

    def __init__(self, folders: Mapping[StoreName, FolderStore]) -> None:
        self._folders = folders

    async def begin(self, store: StoreName, upload: Upload) -> None:
        """Begin an upload."""
        await self._blocking(store, lambda: _Held.begin(self._folders[store], upload))

    async def find(self, store: StoreName, upload_id: UUID) -> Upload | None:
        """Find an upload."""
        return await self._blocking(store, lambda: _recorded(self._folders[store], upload_id))

    async def append(
        self, store: StoreName, upload_id: UUID, offset: int, pieces: AsyncIterator[bytes]
    ) -> Result[Upload, UploadMissing | OffsetMismatch | UploadTooLong]:
        """Append bytes."""
        held = await self._blocking(store, lambda: _Held.open(self._folders[store], upload_id))
        if held is None:
            return Failure(UploadMissing(upload_id))
        try:
            if held.upload.offset != offset:
                return Failure(OffsetMismatch(held.upload))
            return await self._append(store, held, pieces)
        finally:
            held.close()

    async def _append(
        self, store: StoreName, held: "_Held", pieces: AsyncIterator[bytes]
    ) -> Result[Upload, UploadMissing | OffsetMismatch | UploadTooLong]:
        begun, written = held.upload, held.upload.offset
        try:
            async for piece in pieces:
                if written + len(piece) > begun.size_bytes:
                    written = begun.offset
                    return Failure(UploadTooLong(begun))
                await self._blocking(store, partial(write_all, held.descriptor, piece))
                written += len(piece)
        finally:  # a client that has gone leaves what it has sent
            await self._blocking(store, lambda: held.record(written))
        return Success(held.upload)

    async def complete(
        self, store: StoreName, upload_id: UUID
    ) -> Result[WrittenObject, UploadMissing | OffsetMismatch]:
        """Publish an upload."""
        held = await self._blocking(store, lambda: _Held.open(self._folders[store], upload_id))
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
        return await self._blocking(store, lambda: _discard(self._folders[store], upload_id))

    async def forget(self, store: StoreName, before: datetime) -> int:
        """Remove the uploads that were not continued since that time."""

        def forget() -> int:
            found = self._folders[store].folder.walk("/".join(_FOLDERS) + "/")
            old = {path for path, one in found if datetime.fromtimestamp(one.st_mtime, UTC) < before}
            ids = [path.rpartition("/")[2].removesuffix(".json") for path in old if path.endswith(".json")]
            return sum(_discard(self._folders[store], UUID(one)) for one in ids)

        return await self._blocking(store, forget)

    async def _blocking(self, store: StoreName, work: Callable[[], _T]) -> _T:
        with store_errors(store.value):
            return await asyncio.to_thread(work)


class _Held:
    """An upload that this process alone may change, until it is closed."""

    def __init__(self, store: FolderStore, descriptor: int, upload: Upload) -> None:
        self._store, self.descriptor, self.upload = store, descriptor, upload

    @classmethod
    def begin(cls, store: FolderStore, upload: Upload) -> None:
        with store.folder.directory(_FOLDERS, make=True) as directory:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            os.close(os.open(f"{upload.id}.part", flags, 0o600, dir_fd=directory))
            _write_record(directory, upload)

    @classmethod
    def open(cls, store: FolderStore, upload_id: UUID) -> "_Held | None":
        """Wait for another process that appends, and open the upload at its durable end."""
        try:
            with store.folder.directory(_FOLDERS) as directory:
                descriptor = os.open(f"{upload_id}.part", os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
        except FileNotFoundError:
            return None
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        upload = _recorded(store, upload_id)  # after the lock: another process may have completed it
        if upload is None:
            os.close(descriptor)
            return None
        os.ftruncate(descriptor, upload.offset)
        os.lseek(descriptor, upload.offset, os.SEEK_SET)
        return cls(store, descriptor, upload)

    def record(self, offset: int) -> None:
        """Make the bytes up to an offset durable, and drop what lies behind it."""
        os.ftruncate(self.descriptor, offset)
        os.fsync(self.descriptor)
        self.upload = evolve(self.upload, offset=offset)
        with self._store.folder.directory(_FOLDERS) as directory:
            _write_record(directory, self.upload)

    def publish(self) -> WrittenObject:
        digest = self._digest()
        path = self.upload.path.value
        self._store.folder.place("/".join((*_FOLDERS, f"{self.upload.id}.part")), path, replace=True)
        self._store.folder.remove("/".join((*_FOLDERS, f"{self.upload.id}.json")))
        return WrittenObject(described(path, os.fstat(self.descriptor)), digest)

    def _digest(self) -> Digest:
        hashed, at = hashlib.sha256(), 0
        while data := os.pread(self.descriptor, MIB, at):
            hashed.update(data)
            at += len(data)
        return Digest(hashed.hexdigest(), at)

    def close(self) -> None:
        os.close(self.descriptor)  # which ends the lock


def _recorded(store: FolderStore, upload_id: UUID) -> Upload | None:
    descriptor = store.folder.open("/".join((*_FOLDERS, f"{upload_id}.json")))
    if descriptor is None:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found: dict[str, Any] = json.load(file)
    return Upload(
        id=upload_id,
        path=ObjectPath(found["path"]),
        size_bytes=found["size_bytes"],
        offset=found["offset"],
        created_at=datetime.fromisoformat(found["created_at"]),
        created_by=None if found["created_by"] is None else UUID(found["created_by"]),
    )


def _write_record(directory: int, upload: Upload) -> None:
    record = {
        "path": upload.path.value,
        "size_bytes": upload.size_bytes,
        "offset": upload.offset,
        "created_at": upload.created_at.isoformat(),
        "created_by": None if upload.created_by is None else str(upload.created_by),
    }
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(f"{upload.id}.new", flags, 0o600, dir_fd=directory)
    with os.fdopen(descriptor, "w") as file:
        json.dump(record, file)
        file.flush()
        os.fsync(descriptor)
    os.rename(f"{upload.id}.new", f"{upload.id}.json", src_dir_fd=directory, dst_dir_fd=directory)
    os.fsync(directory)


def _discard(store: FolderStore, upload_id: UUID) -> bool:
    was_there = store.folder.remove("/".join((*_FOLDERS, f"{upload_id}.json")))
    with suppress(FileNotFoundError):
        store.folder.remove("/".join((*_FOLDERS, f"{upload_id}.part")))
    return was_there
