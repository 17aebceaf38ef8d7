"""A folder that no path leaves: each segment is opened in the directory before it, and links are not followed.

So a link, wherever it leads, is as if it were not there, and so are devices, sockets and pipes. All functions block.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from domain.stores import MAX_PATH_BYTES, RESERVED_PREFIX

_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_RACES: Final = 4
_NOT_THERE: Final = (FileNotFoundError, NotADirectoryError)


class ConfinedFolder:
    """The objects of a folder by their paths, which have no empty segments, `.` or `..`."""

    def __init__(self, root: Path) -> None:
        self.root: Final = root

    @contextmanager
    def directory(self, segments: list[str], *, make: bool = False) -> Iterator[int]:
        """Open a directory for the block. Raises `OSError`: among others `NotADirectoryError` for a link."""
        if make:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for segment in segments:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(segment, 0o700, dir_fd=descriptor)
                        os.fsync(descriptor)
                inner = os.open(segment, _DIRECTORY, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            yield descriptor
        finally:
            os.close(descriptor)

    def open(self, path: str) -> int | None:
        """Open an object for reading; None if there is none."""
        *folders, name = path.split("/")
        try:
            with self.directory(folders) as directory:
                # without O_NONBLOCK, the opening of a pipe would wait for its writer
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
                descriptor = os.open(name, flags, dir_fd=directory)
        except OSError as error:
            if isinstance(error, _NOT_THERE) or _is_no_object(error):
                return None
            raise
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
        return None

    def place(self, source: str, target: str, *, replace: bool) -> bool:
        """Give an object another path. Tell whether it was possible; without `replace`, not over another object."""
        for _ in range(_MOST_RACES):
            with suppress(FileNotFoundError):  # another process has removed the last object beside the new one
                return self._place(source, target, replace=replace)
        return self._place(source, target, replace=replace)

    def _place(self, source: str, target: str, *, replace: bool) -> bool:
        *to_folders, to_name = target.split("/")
        *from_folders, from_name = source.split("/")
        with self.directory(from_folders) as before, self.directory(to_folders, make=True) as after:
            if replace:
                os.rename(from_name, to_name, src_dir_fd=before, dst_dir_fd=after)
            else:
                try:
                    os.link(from_name, to_name, src_dir_fd=before, dst_dir_fd=after, follow_symlinks=False)
                except FileExistsError:
                    return False
                os.unlink(from_name, dir_fd=before)
            os.fsync(after)
        return True

    def remove(self, path: str) -> bool:
        """Remove an object, and the directories that are empty then. Tell whether it was there."""
        *folders, name = path.split("/")
        try:
            with self.directory(folders) as directory:
                if not stat.S_ISREG(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode):
                    return False
                os.unlink(name, dir_fd=directory)
        except _NOT_THERE:
            return False
        self._prune(folders)
        return True

    def _prune(self, folders: list[str]) -> None:
        while folders and folders[0] != RESERVED_PREFIX.rstrip("/"):
            *folders, name = folders
            try:
                with self.directory(folders) as directory:
                    os.rmdir(name, dir_fd=directory)
            except OSError:  # it has other objects, or a writer needs it
                return

    def walk(self, prefix: str, after: str = "") -> Iterator[tuple[str, os.stat_result]]:
        """List the objects whose paths begin with a prefix of whole segments and come after a path, by path."""
        segments = [one for one in prefix.split("/") if one]
        with suppress(*_NOT_THERE), self.directory(segments) as directory:
            yield from self._below(directory, prefix, after)

    def _below(self, directory: int, prefix: str, after: str) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(directory) as entries:
            found = sorted(_entries(entries))
        for name, is_folder in found:
            path = prefix + name
            if len(path.encode()) > MAX_PATH_BYTES:  # no URL names it, and folders in it might go down without end
                continue
            if is_folder:
                if path > after or after.startswith(path):
                    with suppress(*_NOT_THERE):
                        inner = os.open(name.rstrip("/"), _DIRECTORY, dir_fd=directory)
                        try:
                            yield from self._below(inner, path, after)
                        finally:
                            os.close(inner)
            elif path > after:
                with suppress(FileNotFoundError):
                    yield path, os.stat(name, dir_fd=directory, follow_symlinks=False)


def _entries(entries: Iterator["os.DirEntry[str]"]) -> Iterator[tuple[str, bool]]:
    """Tell objects and folders, the names of which end with a slash so that they sort as their paths do."""
    for one in entries:
        with suppress(UnicodeEncodeError, FileNotFoundError):
            one.name.encode()  # a name that is no UTF-8 has no path
            if one.is_dir(follow_symlinks=False):
                yield f"{one.name}/", True
            elif one.is_file(follow_symlinks=False):
                yield one.name, False


def _is_no_object(error: OSError) -> bool:
    """Tell whether there is a link, a socket or a device without a driver."""
    return error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV)
