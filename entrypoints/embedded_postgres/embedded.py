"""A PostgreSQL of our own, for a machine that offers none: made on first use, stopped with the process that started it.

Beside the cluster's folder `postgres` the data folder holds `postgres.log` and two locks. `lock` belongs to the
process that starts the server. `postgres.lock` is inherited by every process of the server, so its holder
knows that no backend of a killed one is left, which no process id in a file can tell.
Durability is PostgreSQL's own: nothing is turned off here unless the caller's options do.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from attrs import frozen

from entrypoints.embedded_postgres.binaries import PostgresUnusable, find_binaries
from entrypoints.embedded_postgres.cluster import Cluster, open_cluster, socket_folder
from entrypoints.embedded_postgres.environment import libpq_variables_ignored
from entrypoints.embedded_postgres.identity import identity, may_own
from entrypoints.embedded_postgres.locks import Busy, hold
from entrypoints.embedded_postgres.private_files import NotPrivate, private_folder
from entrypoints.embedded_postgres.server import Place, Server, listens
from entrypoints.embedded_postgres.socket_url import reachable, url_of

PORT: Final = 5432
"""No TCP port: a part of the socket's name."""
_CLUSTER: Final = "postgres"
_LINGER_SECONDS: Final = 20.0
_BEGINNING_SECONDS: Final = 30.0


class InUse(PostgresUnusable):
    """Another process runs the server of this data folder."""


@frozen
class Database:
    """A URL, and whether its server was started for this process alone."""

    url: str
    is_own: bool


@contextmanager
def embedded_postgres(
    data_dir: Path, options: Sequence[str] = (), env: Mapping[str, str] = os.environ
) -> Iterator[str]:
    """Run a server inside the block, and provide its URL. See `running_server`."""
    with running_server(data_dir, options, env) as server:
        yield server.url


@contextmanager
def running_server(
    data_dir: Path, options: Sequence[str] = (), env: Mapping[str, str] = os.environ
) -> Iterator[Server]:
    """Run a server inside the block, which belongs in the main thread: the server ends with its thread.

    `options` are settings of PostgreSQL, such as `fsync=off`. Raises `PostgresUnusable`.
    """
    with ExitStack() as stack:
        stack.enter_context(libpq_variables_ignored())
        with _one_line_errors(data_dir):
            server = _start(stack, data_dir.resolve(), options, env)
        yield server


@contextmanager
def running_database(data_dir: Path) -> Iterator[str]:
    """Provide the URL of the server that another process runs on that folder; empty if none does."""
    with ExitStack() as stack:
        stack.enter_context(libpq_variables_ignored())
        with _one_line_errors(data_dir):
            url = _running(stack, data_dir.resolve() / _CLUSTER)
        yield url


@contextmanager
def embedded_database(data_dir: Path, env: Mapping[str, str] = os.environ, make: bool = False) -> Iterator[Database]:
    """Provide the database of the server that runs on the folder already, or else of one that runs inside the block.

    A cluster is created only with `make`. If another process is about to start a server, this waits for it.
    """
    if not make and not (data_dir / _CLUSTER).exists():
        raise PostgresUnusable(f"no database found in {data_dir}")
    deadline = time.monotonic() + _BEGINNING_SECONDS
    while True:
        with ExitStack() as stack:
            if database := _found_or_started(stack, data_dir, env, deadline):
                yield database
                return
        time.sleep(0.1)


def _found_or_started(stack: ExitStack, data_dir: Path, env: Mapping[str, str], deadline: float) -> Database | None:
    if url := stack.enter_context(running_database(data_dir)):
        return Database(url, is_own=False)
    try:
        return Database(stack.enter_context(running_server(data_dir, env=env)).url, is_own=True)
    except InUse:
        if time.monotonic() > deadline:
            raise
        return None


def _running(stack: ExitStack, folder: Path) -> str:
    """Find a running server by its socket, in folders that only its user may enter; any process may hold a lock."""
    sockets = socket_folder(folder)
    if not sockets.exists():
        return ""
    private_folder(folder.parent, _CLUSTER)
    if (owner := folder.lstat().st_uid) != os.geteuid() and not may_own(owner):
        raise NotPrivate(f"{folder.name} in it belongs to user {owner}")
    path = stack.enter_context(reachable(sockets, PORT))
    return url_of(path, PORT) if listens(path, PORT) else ""


@contextmanager
def _one_line_errors(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except NotPrivate as error:
        raise PostgresUnusable(f"the data folder {data_dir} is not safe: {error}") from error
    except OSError as error:
        raise PostgresUnusable(f"the data folder {data_dir} cannot be used: {error}") from error


def _start(stack: ExitStack, data_dir: Path, options: Sequence[str], env: Mapping[str, str]) -> Server:
    binaries = find_binaries(env)
    private_folder(data_dir, _CLUSTER)
    held = _locked(stack, data_dir)
    cluster = Cluster(data_dir / _CLUSTER, binaries, identity(binaries))
    open_cluster(cluster, held)
    port = next((int(option[5:]) for option in options if option.startswith("port=")), PORT)
    sockets = stack.enter_context(reachable(cluster.socket, port))
    server = Server(Place(cluster, held, data_dir / "postgres.log", sockets, port), options)
    stack.callback(server.stop)
    server.await_ready()
    return server


def _locked(stack: ExitStack, data_dir: Path) -> int:
    """Lock the folder once no other process uses it, and return the descriptor that the server inherits."""

    def in_use() -> bool:
        return _works_in(data_dir / _CLUSTER / "data")

    try:
        hold(stack, data_dir / "lock", 0, in_use)
    except Busy as busy:
        raise InUse(
            f"another process is already running the PostgreSQL in {data_dir}: stop it, or set BATEIA_DATA_DIR"
        ) from busy
    try:
        return hold(stack, data_dir / "postgres.lock", _LINGER_SECONDS, in_use)
    except Busy as busy:
        raise PostgresUnusable(f"an orphaned PostgreSQL is still using {data_dir}: stop its processes") from busy


def _works_in(folder: Path) -> bool:
    """Tell whether a process works in the folder, as all of PostgreSQL's do. Other users' hide their folders."""
    return any(_is(process / "cwd", folder) for process in Path("/proc").glob("[0-9]*"))


def _is(path: Path, folder: Path) -> bool:
    try:
        return path.samefile(folder)
    except OSError:
        return False
