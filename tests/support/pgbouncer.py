"""A real PgBouncer between a test and its database. It refuses to run as root, so then it runs as nobody."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg
import pytest
from attrs import define

from entrypoints.embedded_postgres.identity import NOBODY
from tests.support.folders import let_others_through
from tests.support.processes import free_port
from tests.support.waiting import eventually

_PATH: Final = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


def program() -> str:
    """Find PgBouncer. Without it the test is skipped, unless the environment requires it."""
    found = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer", path=_PATH)
    if found:
        return found
    if os.environ.get("BATEIA_POOLER_TESTS") == "required":
        pytest.fail("there is no PgBouncer here, and BATEIA_POOLER_TESTS=required asks for it")
    pytest.skip("there is no PgBouncer here: scripts/setup.sh --dev installs it on Debian")


@define
class PgBouncer:
    """A running PgBouncer. `url` leads through it to the database that its own URL names."""

    folder: Path
    port: int
    server_url: str
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """The same database and role by way of the pooler."""
        parts = urlsplit(self.server_url)
        return parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{self.port}").geturl()

    def to(self, server_url: str) -> str:
        """Build the URL of another database of the same server, by way of the pooler."""
        return urlsplit(self.url)._replace(path=urlsplit(server_url).path).geturl()

    def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it without a word to its clients, and start it again."""
        self.process.send_signal(how)
        self.process.wait(30)
        self.process = _launched(self.folder)
        eventually(self._answers)

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "pgbouncer.log").read_text()
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url, connect_timeout=2).close()
            return True
        return False


@contextmanager
def a_pgbouncer(server_url: str, folder: Path, mode: str, *other_roles: str, **settings: str) -> Iterator[PgBouncer]:
    """Run a PgBouncer for the block, which lends connections for a `session`, a `transaction` or a `statement`.

    It admits the role of the server's URL, and those of `other_roles`, URLs too.
    """
    program()
    parts, port = urlsplit(server_url), free_port()
    given = {
        "listen_addr": "127.0.0.1",
        "listen_port": str(port),
        "unix_socket_dir": "",
        "auth_type": "scram-sha-256",
        "auth_file": str(folder / "users"),
        "pool_mode": mode,
        "default_pool_size": "20",
        "server_login_retry": "1",
    }
    folder.mkdir(exist_ok=True)
    _write(folder, f"host={parts.hostname} port={parts.port}", given | settings)
    users = [urlsplit(url) for url in (server_url, *other_roles)]
    (folder / "users").write_text("".join(f'"{one.username}" "{one.password}"\n' for one in users))
    bouncer = PgBouncer(folder, port, server_url, _launched(folder))
    try:
        eventually(bouncer._answers)
        yield bouncer
    finally:
        bouncer.process.terminate()
        bouncer.process.wait(30)


def _write(folder: Path, server: str, settings: Mapping[str, str]) -> None:
    lines = ["[databases]", f"* = {server}", "[pgbouncer]", *(f"{name} = {value}" for name, value in settings.items())]
    (folder / "pgbouncer.ini").write_text("\n".join(lines) + "\n")


def _launched(folder: Path) -> "subprocess.Popen[bytes]":
    let_others_through(folder)
    folder.chmod(0o755)
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.getuid() == 0 else []
    with (folder / "pgbouncer.log").open("ab") as log:
        return subprocess.Popen([*nobody, program(), str(folder / "pgbouncer.ini")], stdout=log, stderr=log)
