"""The files of an upload: its bytes, and a record of how many of them are durable. All functions block."""

import fcntl
import hashlib
import json
import os
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from attrs import evolve

from adapters.stores.blocking import Descriptor
from adapters.stores.confined_folder import ConfinedFolder
from adapters.stores.folder import FolderStore, described
from application.ports.stores import Upload, WrittenObject
from domain.body import Digest
from domain.limits import MIB
from domain.stores import RESERVED_PREFIX, ObjectPath

FOLDERS: Final = f"{RESERVED_PREFIX}uploads".split("/")


class HeldUpload:
    """An upload that this process alone may change, until it is closed."""

    def __init__(self, store: FolderStore, opened: Descriptor, upload: Upload) -> None:
        self._store, self.opened, self.upload = store, opened, upload

    @classmethod
    def begin(cls, store: FolderStore, upload: Upload) -> None:
        """Make the files of a new upload."""
        with store.folder.directory(FOLDERS, make=True) as directory:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            os.close(os.open(f"{upload.id}.part", flags, 0o600, dir_fd=directory))
            _write_record(directory, upload)

    @classmethod
    def open(cls, store: FolderStore, upload_id: UUID) -> "HeldUpload | None":
        """Open an upload at its durable end. Raises `BlockingIOError` while another request changes it."""
        try:
            with store.folder.directory(FOLDERS) as directory:
                flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
                opened = Descriptor(os.open(f"{upload_id}.part", flags, dir_fd=directory))
        except FileNotFoundError:
            return None
        fcntl.flock(opened.number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        upload = recorded(store, upload_id)  # after the lock: another process may have completed it
        if upload is None:
            return None
        os.ftruncate(opened.number, upload.offset)
        os.lseek(opened.number, upload.offset, os.SEEK_SET)
        return cls(store, opened, upload)

    def record(self, offset: int) -> None:
        """Make the bytes up to an offset durable, and drop what lies behind it."""
        os.ftruncate(self.opened.number, offset)
        os.fsync(self.opened.number)
        self.upload = evolve(self.upload, offset=offset)
        if not os.fstat(self.opened.number).st_nlink:  # it was discarded meanwhile
            return
        with self._store.folder.directory(FOLDERS) as directory:
            _write_record(directory, self.upload)

    def publish(self) -> WrittenObject:
        """Give the upload its path as an object."""
        digest = self._digest()
        path = self.upload.path.value
        self._store.folder.place("/".join((*FOLDERS, f"{self.upload.id}.part")), path, replace=True)
        self._store.folder.remove("/".join((*FOLDERS, f"{self.upload.id}.json")))
        return WrittenObject(described(path, os.fstat(self.opened.number)), digest)

    def _digest(self) -> Digest:
        hashed, at = hashlib.sha256(), 0
        while data := os.pread(self.opened.number, MIB, at):
            hashed.update(data)
            at += len(data)
        return Digest(hashed.hexdigest(), at)

    def close(self) -> None:
        """Let other requests change the upload."""
        self.opened.close()


def recorded(store: FolderStore, upload_id: UUID) -> Upload | None:
    """Find an upload."""
    descriptor = store.folder.open("/".join((*FOLDERS, f"{upload_id}.json")))
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


def discard(store: FolderStore, upload_id: UUID) -> bool:
    """Remove the files of an upload. Tell whether it was there."""
    was_there = store.folder.remove("/".join((*FOLDERS, f"{upload_id}.json")))
    for kind in ("part", "new"):
        store.folder.remove("/".join((*FOLDERS, f"{upload_id}.{kind}")))
    return was_there


def abandoned(folder: ConfinedFolder, before: datetime) -> set[UUID]:
    """Find the uploads none of whose files has changed since that time."""
    changes: dict[str, float] = {}
    for path, found in folder.walk("/".join((*FOLDERS, ""))):
        name = path.rpartition("/")[2].partition(".")[0]
        changes[name] = max(changes.get(name, 0.0), found.st_mtime)
    return {UUID(name) for name, changed in changes.items() if datetime.fromtimestamp(changed, UTC) < before}
