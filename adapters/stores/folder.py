"""A store that is a folder. Objects are written under a temporary name and appear as a whole; an entity tag is made of
inode, size and time, so it differs for each version."""

import asyncio
import errno
import hashlib
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

_T = TypeVar("_T")

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
        raise StoreUnavailable(f"the store {name} cannot be used: {error.strerror}") from error


class FolderStore:
    """A `Backend` in a folder, which is made when it is first written to."""

    def __init__(self, name: str, root: Path) -> None:
        self._name = name
        self.folder: Final = ConfinedFolder(root)

    async def objects(self, prefix: str) -> AsyncIterator[StoredObject]:
        after = ""
        while found := await self.page(prefix, after, _LISTED_AT_ONCE):
            for one in found:
                yield one
            after = found[-1].path

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
        descriptor = await self._blocking(lambda: self.folder.open(path))
        if descriptor is None:
            return Failure(ObjectMissing(path))
        opened = described(path, os.fstat(descriptor))
        if etag not in (None, opened.etag):
            os.close(descriptor)
            return Failure(ObjectChanged(path))
        return Success(self._pieces(_Descriptor(descriptor), opened, start, end))

    async def _pieces(
        self, opened: "_Descriptor", about: StoredObject, start: int, end: int | None
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
        name = f"{RESERVED_PREFIX}writing/{uuid4().hex}"
        descriptor = await self._blocking(lambda: self._create(name))
        try:
            digest = await self._fill(descriptor, pieces)
            written = await self._blocking(lambda: self._publish(descriptor, name, path, replace=replace))
        except BaseException:
            await self._blocking(lambda: self.folder.remove(name))
            raise
        finally:
            os.close(descriptor)
        if written is None:
            await self._blocking(lambda: self.folder.remove(name))
            return Failure(ObjectExists(path))
        return Success(WrittenObject(written, digest))

    def _create(self, name: str) -> int:
        *folders, last = name.split("/")
        with self.folder.directory(folders, make=True) as directory:
            return os.open(last, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=directory)

    async def _fill(self, descriptor: int, pieces: AsyncIterator[bytes]) -> Digest:
        digest, size = hashlib.sha256(), 0
        async for piece in pieces:
            await self._blocking(partial(write_all, descriptor, piece))
            digest.update(piece)
            size += len(piece)
        return Digest(digest.hexdigest(), size)

    def _publish(self, descriptor: int, name: str, path: str, *, replace: bool) -> StoredObject | None:
        os.fsync(descriptor)
        if not self.folder.place(name, path, replace=replace):
            return None
        return described(path, os.fstat(descriptor))

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
            return await asyncio.to_thread(work)


def described(path: str, found: os.stat_result) -> StoredObject:
    """Describe an object."""
    etag = f'"{found.st_ino:x}-{found.st_size:x}-{found.st_mtime_ns:x}"'
    return StoredObject(path, found.st_size, etag, datetime.fromtimestamp(found.st_mtime, UTC))


def write_all(descriptor: int, data: bytes) -> None:
    """Write bytes, which the kernel may take in several parts."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


class _Descriptor:
    """An open file, closed at the latest when nothing refers to it: an iterator that never starts has no `finally`."""

    def __init__(self, number: int) -> None:
        self.number: Final = number
        self._is_open = True

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            os.close(self.number)

    def __del__(self) -> None:
        self.close()
