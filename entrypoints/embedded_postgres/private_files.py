"""Folders and files that other users of the machine can neither read nor hold.

A lock needs no more than a readable descriptor, so a lock file has to be unreadable from its first moment on. Symbolic
links are never followed at the end of a path: the folder may have belonged to another user before.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

_OTHERS: Final = 0o077
_OTHERS_WRITE: Final = 0o022


class NotPrivate(OSError):
    """A folder or file that other users can open, and this user cannot close. The message is one line."""


def private_folder(path: Path, mark: str) -> None:
    """Create the folder, or close an existing one to other users, if it is empty or holds `mark`.

    Any other folder keeps its mode, for it serves another purpose too; it is refused if other users may write to it.
    Raises `NotPrivate`.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found, content = os.fstat(descriptor), {entry.name for entry in os.scandir(descriptor)}
        if found.st_uid == os.geteuid() and (not content or mark in content):
            if found.st_mode & _OTHERS:
                os.fchmod(descriptor, 0o700)
        elif found.st_uid not in (os.geteuid(), 0):
            raise NotPrivate(f"it belongs to user {found.st_uid}: start as that user, or chown it")
        elif found.st_mode & stat.S_IWOTH or (found.st_uid == os.geteuid() and found.st_mode & _OTHERS_WRITE):
            raise NotPrivate("other users may write to it, and it holds other files: name a folder that does not exist")
    finally:
        os.close(descriptor)


def open_private(path: Path, flags: int = os.O_RDWR) -> int:
    """Open a regular file of this user; a new one is unreadable to other users."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid():
        return descriptor
    os.close(descriptor)
    raise NotPrivate(f"{path.name} in it belongs to another user or is not a regular file: remove it")


def is_exposed(descriptor: int) -> bool:
    """Tell whether other users may have the file open."""
    return bool(os.fstat(descriptor).st_mode & _OTHERS)


def append_privately(path: Path) -> int:
    """Open a file for appending, and close it to other users from now on."""
    descriptor = open_private(path, os.O_WRONLY | os.O_APPEND)
    if is_exposed(descriptor):
        os.fchmod(descriptor, 0o600)
    return descriptor


def write_for(owner: int, folder: Path, name: str, text: str) -> None:
    """Put a whole file, of that owner and unreadable to others, into a folder that the owner may have tampered with."""
    within = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        new = f"{name}.new"
        with suppress(FileNotFoundError):
            os.unlink(new, dir_fd=within)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=within)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fchown(file.fileno(), owner, -1)
            os.fsync(file.fileno())
        os.rename(new, name, src_dir_fd=within, dst_dir_fd=within)
        os.fsync(within)
    finally:
        os.close(within)


def give(owner: int, folder: Path) -> None:
    """Make all of a folder that user's. The folder itself comes last, so an interrupted change is seen and repeated."""
    for _, folders, files, within in os.fwalk(folder, topdown=False, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, owner, -1, dir_fd=within, follow_symlinks=False)
    os.chown(folder, owner, -1, follow_symlinks=False)
