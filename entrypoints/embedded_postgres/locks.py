"""Locks between processes of one service on one machine: a file's `flock`, which ends with its last holder.

A lock file is unreadable to other users from its first moment on. One that an earlier release left readable may be open
in a process of another user, which could hold it for ever: it is replaced by a new file once no process holds it, or
only such a process does. Old and new release exclude each other all the while, for the name stays.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from entrypoints.embedded_postgres.private_files import is_exposed, open_private

log: Final = logging.getLogger(__name__)

_QUIET_SECONDS: Final = 2.0


class Busy(Exception):
    """Another process holds the lock."""


def hold(stack: ExitStack, path: Path, seconds: float, in_use: Callable[[], bool]) -> int:
    """Lock a file for the rest of the stack, and for as long as a child that inherits its descriptor lives.

    `in_use` tells whether a process of ours uses the locked resource, apart from the lock. Raises `Busy` after
    `seconds`.
    """
    began, told = time.monotonic(), False
    while (descriptor := _attempt(path, in_use)) is None:
        waited = time.monotonic() - began
        if waited >= seconds:
            raise Busy(path.name)
        if waited >= _QUIET_SECONDS and not told:
            log.warning("waiting up to %g s for another process to release %s", seconds, path)
            told = True
        time.sleep(0.05)
    stack.callback(os.close, descriptor)
    return descriptor


def _attempt(path: Path, in_use: Callable[[], bool]) -> int | None:
    with _one_at_a_time(path.with_name(f"{path.name}.guard")):
        descriptor = open_private(path)
        held = _locks(descriptor)
        if held and not is_exposed(descriptor):
            return descriptor
        if not held and (in_use() or not _only_strangers_hold(descriptor)):
            os.close(descriptor)
            return None
        try:
            return _replace(path)
        finally:
            os.close(descriptor)


@contextmanager
def _one_at_a_time(guard: Path) -> Iterator[None]:
    """Admit one of the processes that may replace a lock file. Earlier releases have no such guard."""
    descriptor = open_private(guard)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path) -> int:
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = open_private(new)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    new.rename(path)
    return descriptor


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _only_strangers_hold(descriptor: int) -> bool:
    """Tell whether the kernel names holders of the lock, all of which are other users' processes."""
    inode, holders = str(os.fstat(descriptor).st_ino), []
    with suppress(FileNotFoundError):  # a kernel that lists no locks
        locks = map(str.split, Path("/proc/locks").read_text().splitlines())
        holders = [int(words[4]) for words in locks if words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode]
    return bool(holders) and all(map(_is_a_stranger_s, holders))


def _is_a_stranger_s(pid: int) -> bool:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        users = next(line for line in lines if line.startswith("Uid:")).split()[1:]
        return not {int(user) for user in users} & {0, os.geteuid()}
    return False
