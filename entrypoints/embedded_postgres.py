"""A PostgreSQL of our own, for a machine that offers none: made on first use, stopped with whoever started it.

Beside the cluster's folder `postgres` the data folder holds `postgres.log` and two locks. `lock` belongs to the
process that starts the server. `postgres.lock` is inherited by every process of the server, so that whoever gets it
knows that no backend of a killed one is left, which no process id in a file can tell.
Durability is PostgreSQL's own: nothing is turned off here unless the caller's options do.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg

from entrypoints.postgres_binaries import PostgresUnusable, find_binaries, identity
from entrypoints.postgres_cluster import USER, Cluster, open_cluster

_LINGER_SECONDS: Final = 20.0
_READY_SECONDS: Final = 120.0
_PORTS_TRIED: Final = 3
_STOPS: Final = ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10))
"""Fast shutdown, then immediate (which costs a recovery), then none at all, each with the seconds it may take."""


class Server:
    """A server process on a cluster. `launch` may be called again after it died: its port stays the same."""

    def __init__(self, cluster: Cluster, options: Sequence[str], held: int, log: Path) -> None:
        self._cluster, self._options, self._held, self._log = cluster, options, held, log
        self._port = _free_port(cluster.folder / "port")
        self.launch()

    @property
    def url(self) -> str:
        """Where clients connect, as the superuser."""
        return _url(self._cluster.password, self._port)

    @property
    def alive(self) -> bool:
        """Whether its main process runs."""
        return self._process.poll() is None

    def launch(self) -> None:
        """Start the process, in the foreground of a session of its own, tied to the calling thread."""
        tie = ("setpriv", "--pdeathsig", "INT") if shutil.which("setpriv") else ()
        # Terse: the detail of an error quotes rows, and what users send must not reach a log.
        own = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "log_error_verbosity=terse")
        settings = (f"port={self._port}", *own, *self._options)
        flags = [word for setting in settings for word in ("-c", setting)]
        postgres = (self._cluster.binaries / "postgres", "-D", self._cluster.data, *flags)
        with open(self._log, "ab", opener=_private) as log:
            self._process = subprocess.Popen(  # noqa: S603 - the words are ours
                [*self._cluster.identity.prefix, *tie, *map(str, postgres)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(self._held,),
                start_new_session=True,
            )

    def accepts(self) -> bool:
        """Wait until it accepts connections; false if it ends instead, or is not ready in time."""
        deadline = time.monotonic() + _READY_SECONDS
        while self.alive and time.monotonic() < deadline:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url, connect_timeout=2).close()
                return True
            time.sleep(0.02)
        return False

    def stop(self) -> None:
        """End it in order, with its clients, and wait until it is gone."""
        for how, seconds in _STOPS:
            self._process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
                return


@contextmanager
def embedded_postgres(
    data_dir: Path, options: Sequence[str] = (), env: Mapping[str, str] = os.environ
) -> Iterator[str]:
    """The URL of a server that runs inside the block. See `running_server`."""
    with running_server(data_dir, options, env) as server:
        yield server.url


@contextmanager
def running_server(
    data_dir: Path, options: Sequence[str] = (), env: Mapping[str, str] = os.environ
) -> Iterator[Server]:
    """A server that runs inside the block, which belongs in the main thread: the server ends with its thread.

    `options` are settings of PostgreSQL, such as `fsync=off`. Raises `PostgresUnusable`.
    """
    with ExitStack() as stack:
        try:
            server = _start(stack, data_dir.resolve(), options, env)
        except OSError as error:
            raise PostgresUnusable(f"the data folder {data_dir} cannot be used: {error}") from error
        yield server


def url_of_running(data_dir: Path) -> str:
    """Where the server is that another process runs on that folder; empty if none does."""
    folder, lock = data_dir.resolve() / "postgres", data_dir / "lock"
    if not lock.exists():
        return ""
    with lock.open("ab") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _url((folder / "password").read_text(), (folder / "port").read_text())
    return ""


@contextmanager
def existing_postgres(data_dir: Path, env: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The URL of the server that runs on the folder already, or of one that runs inside the block. Makes no cluster."""
    if not (data_dir / "postgres").exists():
        raise PostgresUnusable(f"there is no database in {data_dir}")
    if url := url_of_running(data_dir):
        yield url
        return
    with running_server(data_dir, env=env) as server:
        yield server.url


def _url(password: str, port: object) -> str:
    return f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"


def _start(stack: ExitStack, data_dir: Path, options: Sequence[str], env: Mapping[str, str]) -> Server:
    binaries = find_binaries(env)
    data_dir.mkdir(parents=True, exist_ok=True)
    _hold(
        stack,
        data_dir / "lock",
        0,
        f"another process already runs the PostgreSQL in {data_dir}: stop it, or set BATEIA_DATA_DIR",
    )
    held = _hold(stack, data_dir / "postgres.lock", _LINGER_SECONDS, f"a PostgreSQL left behind still uses {data_dir}")
    cluster = Cluster(data_dir / "postgres", binaries, identity(binaries, data_dir))
    open_cluster(cluster, held)
    for _ in range(_PORTS_TRIED):
        # The lock tells that the killed server which left this is gone; its process id may be another's by now.
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)
        server = Server(cluster, options, held, data_dir / "postgres.log")
        stack.callback(server.stop)
        if server.accepts():
            return server
        if server.alive:
            break
    raise PostgresUnusable(f"PostgreSQL does not start; {data_dir / 'postgres.log'} says why")


def _hold(stack: ExitStack, path: Path, seconds: float, busy: str) -> int:
    """Lock a file for the rest of the stack, and for as long as a child that inherits its descriptor lives."""
    descriptor = stack.enter_context(path.open("ab")).fileno()
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise PostgresUnusable(busy) from None
            time.sleep(0.05)
        else:
            return descriptor


def _free_port(record: Path) -> int:
    """The recorded port if it is free, or else any free one, recorded."""
    last = record.read_text() if record.exists() else ""
    for wanted in (int(last) if last.isdecimal() else 0, 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", wanted)) as probe:
            port = int(probe.getsockname()[1])
            record.write_text(str(port))
            return port
    raise PostgresUnusable("no TCP port is free on 127.0.0.1")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
