"""A server process on a cluster: started, waited for and stopped.

It listens on a Unix socket and on no TCP port. Its paths begin at the cluster's folder, for root's server may not pass
through the folders above.
"""

import logging
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psycopg
from attrs import frozen

from entrypoints.embedded_postgres.binaries import PostgresUnusable
from entrypoints.embedded_postgres.cluster import Cluster, reason_in, within
from entrypoints.embedded_postgres.environment import server_environment
from entrypoints.embedded_postgres.private_files import append_privately
from entrypoints.embedded_postgres.socket_url import socket_in, url_of

log: Final = logging.getLogger(__name__)

_READY_SECONDS: Final = 120.0
_QUIET_SECONDS: Final = 5.0
_STOPS: Final = ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10))
"""Fast shutdown, then immediate (which costs a recovery), then none at all, each with the seconds it may take."""
_NOT_YET: Final = ("starting up", "shutting down", "not yet accepting", "recovery", "timeout expired")
"""Messages of a server that will accept connections later."""
_OWN_SETTINGS: Final = (
    "listen_addresses=",
    "unix_socket_directories=../socket",
    "unix_socket_permissions=0700",
    "logging_collector=off",
    # Terse: the detail of an error quotes rows, and what users send must not reach a log.
    "log_error_verbosity=terse",
)


@frozen
class Place:
    """The surroundings of a server. Its processes inherit the descriptor `held`; `sockets` leads clients to its socket
    folder."""

    cluster: Cluster
    held: int
    log: Path
    sockets: Path
    port: int


class Server:
    """A server process. `launch` may be called again after it died: its URL stays the same."""

    def __init__(self, place: Place, options: Sequence[str]) -> None:
        self._place, self._options = place, options
        self._told = 0
        self.launch()

    @property
    def url(self) -> str:
        """The URL for the service's processes."""
        return url_of(self._place.sockets, self._place.port)

    @property
    def alive(self) -> bool:
        """Tell whether its main process runs."""
        return self._process.poll() is None

    def launch(self) -> None:
        """Start the process, in the foreground of a session of its own, tied to the calling thread."""
        cluster = self._place.cluster
        tie = ("setpriv", "--pdeathsig", "INT") if shutil.which("setpriv") else ()
        with (
            within(cluster) as (descriptor, data),
            os.fdopen(append_privately(self._place.log), "ab") as output,
        ):
            self._told = output.tell()
            access = (f"hba_file={data}/pg_hba.conf", f"ident_file={data}/pg_ident.conf")
            settings = (f"port={self._place.port}", *_OWN_SETTINGS, *access, *self._options)
            flags = [word for setting in settings for word in ("-c", setting)]
            self._process = subprocess.Popen(  # noqa: S603 - the words are ours
                [*cluster.identity.prefix, *tie, str(cluster.binaries / "postgres"), "-D", data, *flags],
                cwd="/",
                env=server_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(self._place.held, descriptor),
                start_new_session=True,
            )

    def await_ready(self) -> None:
        """Wait until it accepts the service's connections. Raises `PostgresUnusable` with the reason if it does not."""
        began, told = time.monotonic(), False
        while reason := self._reason_to_wait():
            waited = time.monotonic() - began
            if waited > _READY_SECONDS:
                raise PostgresUnusable(f"PostgreSQL is not ready after {waited:.0f} s ({reason}){self._see_log()}")
            if waited > _QUIET_SECONDS and not told:
                log.warning("waiting up to %g s for PostgreSQL: %s", _READY_SECONDS, reason)
                told = True
            time.sleep(0.02)

    def _reason_to_wait(self) -> str:
        """Explain why it takes no connections yet; empty if it does."""
        if not self.alive:
            raise PostgresUnusable(f"PostgreSQL does not start: {self._last_words()}{self._see_log()}")
        if not listens(self._place.sockets, self._place.port):
            return "it does not listen yet"
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            said = " ".join(str(error).split())
            if any(words in said for words in _NOT_YET):
                return said
            raise PostgresUnusable(f"PostgreSQL refuses the service: {said}{self._see_log()}") from error
        return ""

    def _last_words(self) -> str:
        """Find the reason in the log since the launch, when there were no clients whose data could be in it."""
        with self._place.log.open("rb") as output:
            output.seek(self._told)
            return reason_in(output.read().decode(errors="replace")) or f"status {self._process.returncode}"

    def _see_log(self) -> str:
        return f" (more in {self._place.log})"

    def stop(self) -> None:
        """End it in order, with its clients, and wait for its end."""
        for how, seconds in _STOPS:
            self._process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
                return


def listens(folder: Path, port: int) -> bool:
    """Tell whether a server listens on the socket in the folder, where only the server's user can create one."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_in(folder, port)))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True
