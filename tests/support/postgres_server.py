"""A PostgreSQL on a TCP port, with roles and passwords, as a stand-in for a server on another machine."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
from attrs import define

from entrypoints.embedded_postgres.binaries import find_binaries, major_version
from entrypoints.embedded_postgres.identity import identity
from tests.support.folders import let_others_through
from tests.support.postgres import FAST
from tests.support.processes import free_port
from tests.support.waiting import eventually

SUPERUSER: Final = "admin"
PASSWORD: Final = "of-the-superuser"


@define
class TcpServer:
    """A running server. `flags` are its settings beside its port; `restart` takes them anew."""

    binaries: Path
    data: Path
    port: int
    flags: dict[str, str]
    process: "subprocess.Popen[bytes]"

    @property
    def version(self) -> int:
        """Its major version."""
        return major_version(self.binaries)

    def url(self, database: str = "postgres", role: str = SUPERUSER, password: str = PASSWORD) -> str:
        """Build the URL where a client of that role connects."""
        return f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements as the superuser, each by itself; the rows of the last."""
        rows: list[Any] = []
        with psycopg.connect(self.url(database), autocommit=True) as conn:
            for statement in statements:
                cursor = conn.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def launch(self) -> None:
        """Start it."""
        self.process = _launched(self.binaries, self.data, self.flags | {"port": str(self.port)})

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.launch()
        eventually(self._answers)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it, fast unless said otherwise."""
        self.process.send_signal(how)
        self.process.wait(60)

    def reload(self, hba: str) -> None:
        """Take on another pg_hba.conf."""
        (self.data / "pg_hba.conf").write_text(hba)
        self.process.send_signal(signal.SIGHUP)

    def _answers(self) -> bool:
        assert self.process.poll() is None, "the server ended"
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url(), connect_timeout=2).close()
            return True
        return False


@contextmanager
def a_tcp_server(folder: Path, env: Mapping[str, str] = os.environ, **flags: str) -> Iterator[TcpServer]:
    """Run a server for the block, of the version of PG_BIN."""
    folder.mkdir(exist_ok=True)
    let_others_through(folder)
    binaries, data = find_binaries(env), folder / "data"
    _initialise(binaries, data)
    given = dict(one.split("=") for one in FAST) | {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    port = free_port()
    server = TcpServer(
        binaries, data, port, given | flags, _launched(binaries, data, given | flags | {"port": str(port)})
    )
    try:
        eventually(server._answers, 60)
        yield server
    finally:
        if server.process.poll() is None:
            server.stop(signal.SIGQUIT)


def _initialise(binaries: Path, data: Path) -> None:
    who = identity(binaries)
    password = data.with_name("password")
    password.write_text(PASSWORD)
    os.chown(data.parent, who.owner, -1)
    os.chown(password, who.owner, -1)
    locale = ["--locale=C.UTF-8"] if major_version(binaries) < 17 else ["--locale-provider=builtin", "--locale=C.UTF-8"]
    safe = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", f"--pwfile={password}", "-U", SUPERUSER]
    command = [*who.named_prefix, str(binaries / "initdb"), "-D", str(data), *safe, *locale]
    subprocess.run(command, check=True, capture_output=True)


def _launched(binaries: Path, data: Path, flags: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    words = [word for name, value in flags.items() for word in ("-c", f"{name}={value}")]
    command = [*identity(binaries).prefix, str(binaries / "postgres"), "-D", str(data), *words]
    with data.with_suffix(".log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
