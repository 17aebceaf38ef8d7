"""The URL of a server that listens on a Unix socket in a folder.

A socket's address holds 107 bytes, and libpq takes a comma for the end of a host. A folder that does not fit is reached
through a symbolic link in a short folder of this process alone. Each process makes its own, so none has to trust a path
that another has written down, and the server needs none at all.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from entrypoints.embedded_postgres.binaries import PostgresUnusable
from entrypoints.embedded_postgres.cluster import ROLE

_ADDRESS_BYTES: Final = 107
_LINK: Final = "socket"


@contextmanager
def reachable(folder: Path, port: int) -> Iterator[Path]:
    """Provide a path of the folder that fits into the address of the socket for `port`, while the block runs."""
    if _fits(folder, port):
        yield folder
        return
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108 - a folder of our own is made in it
        if _fits(Path(place) / "bateia-12345678" / _LINK, port) and os.access(place, os.W_OK | os.X_OK):
            with _link_in(place, folder) as link:
                yield link
            return
    raise PostgresUnusable(
        f"the path {folder} is too long for a socket, and no folder for temporary files has a short one"
    )


def url_of(folder: Path, port: int) -> str:
    """Build the URL of the service's database on the server whose socket is in the folder."""
    return f"postgresql://{ROLE}@/{ROLE}?host={quote(str(folder), safe='')}&port={port}"


def socket_in(folder: Path, port: int) -> Path:
    """Return the path of the socket, as PostgreSQL names it."""
    return folder / f".s.PGSQL.{port}"


def _fits(folder: Path, port: int) -> bool:
    path = str(socket_in(folder, port))
    return path.isascii() and "," not in path and len(path) <= _ADDRESS_BYTES


@contextmanager
def _link_in(place: str, folder: Path) -> Iterator[Path]:
    # Not in XDG_RUNTIME_DIR, which ends with the user's session and would take the service's database away.
    with tempfile.TemporaryDirectory(
        prefix="bateia-", dir=place
    ) as short:  # made for its owner alone, under a new name
        lock = os.open(short, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)  # systemd-tmpfiles leaves a locked folder alone, however old it is
            (Path(short) / _LINK).symlink_to(folder)
            yield Path(short) / _LINK
        finally:
            os.close(lock)
