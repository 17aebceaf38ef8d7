"""A store that is a folder. Objects are written under a temporary name and appear as a whole; an entity tag is made of
inode, size and time, so it differs for each version."""

import errno
import hashlib
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar
from uuid import uuid4

from returns.result import Failure, Result, Success

from adapters.stores.backend import PIECE_BYTES
from adapters.stores.blocking import Descriptor, in_thread, write_all
from adapters.stores.confined_folder import ConfinedFolder
from application.ports.stores import (
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoredObject,
    StoreFull,
    StoreUnavailable,
    TableSource,
    WrittenObject,
)
from domain.body import Digest
from domain.stores import RESERVED_PREFIX

log: Final = logging.getLogger(__name__)

_T = TypeVar("_T")

WRITING: Final = f"{RESERVED_PREFIX}writing/"
"""The folder of objects that are being written."""

_LISTED_AT_ONCE: Final = 1_000
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Turn errors of the operating system into those of the port."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreFull(f"the store {name} has no room left") from error
        if isinstance(error, NotADirectoryError | IsADirectoryError | FileExistsError):
            raise StoreUnavailable(
                f"the store {name} is a folder, and a part of the path is an object there"
            ) from error
        log.warning("the store %s cannot be used: %s", name, error.strerror)
        raise StoreUnavailable(f"the store {name} cannot be used: {error.strerror}") from error


class FolderStore:
    """A `Backend` in a folder, which is made when it is first written to."""

    def __init__(self, name: str, root: Path) -> None:
        self._name = name
        self.folder: Final = ConfinedFolder(root)

    async def objects(self, prefix: str) -> AsyncIterator[StoredObject]:
        found = self._listed(prefix, "")
        while some := await self._blocking(lambda: list(islice(found, _LISTED_AT_ONCE))):
            for one in some:
                yield one

    async def page(self, prefix: str, after: str, limit: int) -> Sequence[StoredObject]:
        return await self._blocking(lambda: list(islice(self._listed(prefix, after), limit)))

    def _listed(self, prefix: str, after: str) -> Iterator[StoredObject]:
        is_own = prefix.startswith(RESERVED_PREFIX)
        for path, found in self.folder.walk(prefix, after):
            if is_own or not path.startswith(RESERVED_PREFIX):
                yield described(path, found)

    async def head(self, path: str) -> StoredObject | None:
        return await self._blocking(lambda: self._head(path))

    def _head(self, path: str) -> StoredObject | None:
        descriptor = self.folder.open(path)
        if descriptor is None:
            return None
        try:
            return described(path, os.fstat(descriptor))
        finally:
            os.close(descriptor)

    async def read(
        self, path: str, start: int, end: int | None, etag: str | None
    ) -> Result[AsyncIterator[bytes], ObjectMissing | ObjectChanged]:
        opened = await self._blocking(lambda: self._open(path))
        if opened is None:
            return Failure(ObjectMissing(path))
        about = described(path, os.fstat(opened.number))
        if etag not in (None, about.etag):
            opened.close()
            return Failure(ObjectChanged(path))
        return Success(self._pieces(opened, about, start, end))

    def _open(self, path: str) -> Descriptor | None:
        number = self.folder.open(path)
        return None if number is None else Descriptor(number)

    async def _pieces(
        self, opened: Descriptor, about: StoredObject, start: int, end: int | None
    ) -> AsyncIterator[bytes]:
        last = about.size_bytes if end is None else min(end, about.size_bytes)

        def piece(at: int) -> bytes:
            data = os.pread(opened.number, min(PIECE_BYTES, last - at), at)
            if described(about.path, os.fstat(opened.number)).etag != about.etag or not data:
                raise StoreUnavailable(f"an object of the store {self._name} was changed while it was read")
            return data

        try:
            while start < last:
                data = await self._blocking(partial(piece, start))
                start += len(data)
                yield data
        finally:
            opened.close()

    async def write(
        self, path: str, pieces: AsyncIterator[bytes], *, replace: bool
    ) -> Result[WrittenObject, ObjectExists]:
        name = f"{WRITING}{uuid4().hex}"
        try:
            opened = await self._blocking(lambda: self._create(name))
            digest = await self._fill(opened, pieces)
            written = await self._blocking(lambda: self._publish(opened, name, path, replace=replace))
        except BaseException:
            await self._blocking(lambda: self.folder.remove(name))
            raise
        opened.close()
        if written is None:
            await self._blocking(lambda: self.folder.remove(name))
            return Failure(ObjectExists(path))
        return Success(WrittenObject(written, digest))

    def _create(self, name: str) -> Descriptor:
        *folders, last = name.split("/")
        with self.folder.directory(folders, make=True) as directory:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            return Descriptor(os.open(last, flags, 0o600, dir_fd=directory))

    async def _fill(self, opened: Descriptor, pieces: AsyncIterator[bytes]) -> Digest:
        digest, size = hashlib.sha256(), 0
        async for piece in pieces:
            await self._blocking(partial(write_all, opened, piece))
            digest.update(piece)
            size += len(piece)
        return Digest(digest.hexdigest(), size)

    def _publish(self, opened: Descriptor, name: str, path: str, *, replace: bool) -> StoredObject | None:
        os.fsync(opened.number)
        if not self.folder.place(name, path, replace=replace):
            return None
        return described(path, os.fstat(opened.number))

    async def move(self, source: str, target: str) -> None:
        def move() -> None:
            try:
                self.folder.place(source, target, replace=True)
            except FileNotFoundError:
                if self._head(target) is None:
                    raise

        await self._blocking(move)

    async def delete(self, path: str) -> bool:
        return await self._blocking(lambda: self.folder.remove(path))

    async def delete_all(self, prefix: str) -> int:
        def remove() -> int:
            paths = [path for path, _ in self.folder.walk(prefix)]
            return sum(map(self.folder.remove, paths))

        return await self._blocking(remove)

    def table_source(self, path: str) -> TableSource:
        return TableSource(str(self.folder.root / path))

    async def _blocking(self, work: Callable[[], _T]) -> _T:
        with store_errors(self._name):
            return await in_thread(work)


def described(path: str, found: os.stat_result) -> StoredObject:
    """Describe an object."""
    etag = f'"{found.st_ino:x}-{found.st_size:x}-{found.st_mtime_ns:x}"'
    return StoredObject(path, found.st_size, etag, datetime.fromtimestamp(found.st_mtime, UTC))
