"""Disks that a test can fill: a small one of its own where the kernel lets us mount it, else a limit to each file."""

import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final, Protocol

from tests.support.processes import command, family, running
from tests.system.conftest import Service

_MEGABYTES: Final = 256
_MOUNT: Final = f'mount -t tmpfs -o size={_MEGABYTES}m,mode=755 tmpfs "$BATEIA_DATA_DIR" && exec "$@"'
_UNSHARE: Final = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--user", "--map-root-user", "--mount")
_WAL_SEGMENT: Final = 16 * 1024 * 1024


class Disk(Protocol):
    """The file system of the data folder. `prefix` starts the service on it."""

    prefix: ClassVar[tuple[str, ...]]

    def fill(self, service: Service) -> None:
        """Leave no room."""
        ...

    def free(self, service: Service) -> None:
        """Make room again."""
        ...


class SmallDisk:
    """A file system in memory, mounted where only the service and callers that enter by its process can see it."""

    prefix: ClassVar[tuple[str, ...]] = (*_UNSHARE, "sh", "-c", _MOUNT, "sh")

    def fill(self, service: Service) -> None:
        """Write zeros until there is no room for one more."""
        with suppress(OSError), _ballast(service).open("wb", buffering=0) as ballast:
            while ballast.write(bytes(4096)):
                pass

    def free(self, service: Service) -> None:
        """Take them away."""
        _ballast(service).unlink()


class FileLimit:
    """No file of PostgreSQL's may grow beyond a segment of its log, which works for any user anywhere."""

    prefix: ClassVar[tuple[str, ...]] = ()

    def fill(self, service: Service) -> None:
        """Set the limit."""
        _limit_files(service, _WAL_SEGMENT)

    def free(self, service: Service) -> None:
        """Lift the limit."""
        _limit_files(service, "unlimited")


def disks() -> list[Callable[[], Disk]]:
    """List the kinds of disk that can be made here."""
    mounts = subprocess.run([*_UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    return [FileLimit] if mounts.returncode else [FileLimit, SmallDisk]


def _ballast(service: Service) -> Path:
    return Path(f"/proc/{service.process.pid}/root{service.data_dir}/ballast")


def _limit_files(service: Service, limit: int | str) -> None:
    for pid in family(service.process.pid):
        if "postgres" in command(pid):
            words = [*_as_its_user(pid), "prlimit", f"--pid={pid}", f"--fsize={limit}:unlimited"]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            assert done.returncode == 0 or not running(pid), done.stderr


def _as_its_user(pid: int) -> tuple[str, ...]:
    """Build a command prefix that limits a process as its own user, for which even root needs no capability."""
    owner = Path(f"/proc/{pid}").stat()
    if owner.st_uid == os.geteuid():
        return ()
    return ("setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups")
