"""The files of an embedded PostgreSQL: created once and whole, or absent; never upgraded or deleted here.

A cluster is created under another name and renamed when it is complete and on the disk, so an interrupted creation is
simply repeated. Roles, owners and access are brought to their present form before each start, whichever release created
the cluster. Each of these steps is idempotent, so the next start completes an interrupted one. No superuser ever
connects for that: it is done in PostgreSQL's single-user mode, before there is a server.
"""

import logging
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from attrs import frozen

from entrypoints.embedded_postgres.binaries import PostgresUnusable, major_version
from entrypoints.embedded_postgres.environment import server_environment
from entrypoints.embedded_postgres.identity import Identity, may_own
from entrypoints.embedded_postgres.private_files import give, write_for

log: Final = logging.getLogger(__name__)

ROLE: Final = "bateia"
"""The service's role, and the database that it owns."""

_QUIET_SECONDS: Final = 5.0
_SUPERUSER: Final = "postgres"
_SQL: Final = Path(__file__).parent / "sql"
_ACCESS: Final = f"""\
# Written at each start. Whoever is not the service's own user is refused.
local {ROLE} {ROLE} peer map={ROLE}
local all all reject
host all all all reject
"""
_OBSOLETE: Final = ("password", "port")
"""Files of earlier releases, which connected over TCP."""


@frozen
class Cluster:
    """A folder with the cluster's `data` and the `socket` of its server."""

    folder: Path
    binaries: Path
    identity: Identity

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        """The folder of the socket. Only the server's user and root may enter it or the ones above it."""
        return socket_folder(self.folder)


@contextmanager
def within(cluster: Cluster) -> Iterator[tuple[int, str]]:
    """Open `data` as a descriptor for a program to inherit, and return it with a path that leads the program there:
    root's server may not pass through the folders above.

    (It cannot be its current folder: before version 16 PostgreSQL leaves that for a moment, and could not return.)
    """
    descriptor = os.open(cluster.data, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield descriptor, f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def socket_folder(folder: Path) -> Path:
    """Return the folder of the socket of the cluster in `folder`."""
    return folder / "socket"


def open_cluster(cluster: Cluster, held: int) -> None:
    """Create the cluster if there is none, and ensure that this server and this user, and no others, can use it.

    `held` is a file descriptor that every process of PostgreSQL inherits.
    """
    if not cluster.folder.exists():
        _create(cluster, held)
    _take_over(cluster)
    made_by, present = int((cluster.data / "PG_VERSION").read_text()), major_version(cluster.binaries)
    if made_by != present:
        raise PostgresUnusable(
            f"{cluster.folder} was made by PostgreSQL {made_by}, and {cluster.binaries} has {present}: set PG_BIN"
        )
    # The lock proves that the killed server which left this has ended; its process id may be reused by now.
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    for database, script in (("template1", "roles.sql"), (ROLE, "ownership.sql")):
        run_as_superuser(cluster, held, database, (_SQL / script).read_text())
    write_for(cluster.identity.owner, cluster.data, "pg_ident.conf", f'{ROLE} "{cluster.identity.client}" {ROLE}\n')
    write_for(cluster.identity.owner, cluster.data, "pg_hba.conf", _ACCESS)
    for name in _OBSOLETE:
        (cluster.folder / name).unlink(missing_ok=True)


def run_as_superuser(cluster: Cluster, held: int, database: str, sql: str) -> None:
    """Run SQL without empty lines, as one transaction, on a cluster without a server. Raises `PostgresUnusable`."""
    words = ("-j", "-c", "exit_on_error=on", "-c", "log_error_verbosity=terse", database)
    _run(cluster, ("postgres", "--single"), words, held, sql)


def _take_over(cluster: Cluster) -> None:
    """Ensure that the files belong to the user that the server runs as; root may change that."""
    found, wanted = cluster.folder.lstat().st_uid, cluster.identity.owner
    if found != wanted and not may_own(found):
        raise PostgresUnusable(f"{cluster.folder} belongs to user {found}: start as that user, or chown it")
    if found != wanted:
        give(wanted, cluster.folder)
    cluster.folder.chmod(0o700)
    shutil.rmtree(cluster.socket, ignore_errors=True)  # a socket that was left behind may name a reused process id
    _mkdir(cluster.socket, wanted)


def _create(cluster: Cluster, held: int) -> None:
    begun = Cluster(cluster.folder.with_suffix(".begun"), cluster.binaries, cluster.identity)
    shutil.rmtree(begun.folder, ignore_errors=True)
    for folder in (begun.folder, begun.data):
        _mkdir(folder, cluster.identity.owner)
    locale = ["--locale=C.UTF-8"]
    if major_version(cluster.binaries) >= 17:  # its own C.UTF-8 needs none from the operating system
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    safe = ("--auth=reject", "--data-checksums", "--encoding=UTF8")
    _run(begun, ("initdb",), ("-U", _SUPERUSER, *safe, *locale), held)
    _sync(begun.folder)
    begun.folder.rename(cluster.folder)
    _sync(cluster.folder.parent)


def _run(cluster: Cluster, program: Sequence[str], words: Sequence[str], held: int, sent: str = "") -> None:
    tie = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
    with (
        within(cluster) as (descriptor, data),
        subprocess.Popen(  # noqa: S603 - the words are ours
            [
                *cluster.identity.named_prefix,
                *tie,
                str(cluster.binaries / program[0]),
                *program[1:],
                "-D",
                data,
                *words,
            ],
            cwd="/",
            env=server_environment(),
            pass_fds=(held, descriptor),
            start_new_session=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        said = _communicate(process, sent)
    if process.returncode != 0:
        raise PostgresUnusable(f"{program[0]} failed: {reason_in(said) or process.returncode}")


def _communicate(process: "subprocess.Popen[str]", sent: str) -> str:
    """Feed a program, and return its standard error when it ends. It is killed if the wait for it ends."""
    try:
        return process.communicate(sent, timeout=_QUIET_SECONDS)[1]
    except subprocess.TimeoutExpired:
        log.warning("PostgreSQL is preparing its files; after a crash this may take minutes")
        return process.communicate()[1]
    finally:
        process.kill()


def reason_in(said: str) -> str:
    """Find the line of a program's messages that explains its end, skipping lines that quote statements or rows."""
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line or ": error:" in line]
    other = [line for line in lines if "STATEMENT:" not in line and "DETAIL:" not in line]
    return (fatal or other or [""])[-1]


def _mkdir(path: Path, owner: int) -> None:
    path.mkdir(mode=0o700)
    os.chown(path, owner, -1, follow_symlinks=False)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
