"""Other users of the machine get nothing of a service with an embedded database: no connection, secret or lock."""

import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
import pytest

from entrypoints.embedded_postgres.cluster import socket_folder
from entrypoints.embedded_postgres.embedded import PORT
from tests.support.folders import let_others_through
from tests.support.former_layouts import FORMER, FormerLayout
from tests.support.processes import clean_environment, family, free_port
from tests.support.strangers import a_stranger, as_stranger, hold_lock, impersonate, needs_root
from tests.support.waiting import eventually
from tests.system.conftest import Service

SECRETS = {
    "BATEIA_MASTER_KEYS": "first:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "PGPASSWORD": "canary",
    "PGAPPNAME": "canary",
}


def _named_user() -> int:
    return next(one.pw_uid for one in pwd.getpwall() if 0 < one.pw_uid < 100)


class Ordinary(Service):
    """A service of an ordinary user who has a name."""

    if os.geteuid() == 0:  # an interpreter may lie where only root can read, hence the one capability
        prefix = (
            *("setpriv", f"--reuid={_named_user()}", f"--regid={_named_user()}", "--clear-groups"),
            *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        )


@pytest.fixture(scope="module", params=[Service, Ordinary])
def started(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> Iterator[tuple[Service, list[bytes]]]:
    """Start a service while a stranger takes each port that its server might use, and provide what he received."""
    folder = tmp_path_factory.mktemp("local-users")
    let_others_through(folder)  # so that the data folder's own mode excludes other users
    with a_stranger(impersonate, os.getpid(), (5432,)) as fake:
        service = request.param(folder / "data", repository, **SECRETS)
        heard = received(fake)
    yield service, heard
    service.client.close()
    service.stop()


@pytest.fixture
def service(started: tuple[Service, list[bytes]]) -> Service:
    return started[0]


def listening_sockets() -> set[str]:
    """Collect the inodes of all TCP sockets that listen."""
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    return {words[9] for table in tables for words in map(str.split, table) if words[3] == "0A"}


def inodes(pid: int) -> set[str]:
    links = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]
    return {link[8:-1] for link in links if link.startswith("socket:[")}


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root sees all of another user's process")
def test_the_server_is_closed_to_other_users_and_knows_no_secret(service: Service) -> None:
    folder, postmaster = service.data_dir, service.postmaster()
    files = [path for path in folder.iterdir() if path.is_file()]
    assert {path.name: mode(path) for path in files} == dict.fromkeys((path.name for path in files), "0o600")
    assert {"lock", "postgres.lock", "postgres.log"} <= {path.name for path in files}
    cluster = folder / "postgres"
    assert [mode(path) for path in (folder, cluster, cluster / "data", cluster / "socket")] == ["0o700"] * 4
    assert mode(cluster / "socket" / f".s.PGSQL.{PORT}") == "0o700"
    members = family(postmaster)
    assert not any(inodes(pid) & listening_sockets() for pid in members)
    for pid in members:
        names = {entry.partition(b"=")[0] for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")}
        assert names - {b"PATH", b"LD_LIBRARY_PATH", b"TMPDIR", b"LC_ALL", b""} == set()
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        assert "0" not in status["Uid"].split()
        assert status["NoNewPrivs"] == "1"


@needs_root
def test_a_stranger_can_open_neither_socket_nor_lock(service: Service) -> None:
    address = str(socket_folder(service.data_dir / "postgres") / f".s.PGSQL.{PORT}")
    for name in ("lock", "lock.guard", "postgres.lock", "postgres.log", "postgres"):
        refused = as_stranger(partial(os.open, service.data_dir / name, os.O_RDONLY))
        assert str(refused).startswith("PermissionError")
    assert str(as_stranger(partial(os.chdir, service.data_dir))).startswith("PermissionError")
    with open_to_all(service.data_dir, service.data_dir / "postgres", Path(address).parent, Path(address)):
        for role in ("bateia", "postgres"):  # even then the kernel tells the server which user asks
            said = str(as_stranger(partial(connect, service.database_url.replace("bateia@", f"{role}@"))))
            assert "Peer authentication failed" in said or "pg_hba.conf rejects" in said


@contextmanager
def open_to_all(*paths: Path) -> Iterator[None]:
    """Give every user all rights to the paths for the block."""
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    for path in paths:
        path.chmod(0o777)
    yield
    for path, mode in modes.items():
        path.chmod(mode)


def connect(url: str) -> None:
    psycopg.connect(url).close()


@needs_root
def test_a_fake_server_that_takes_the_port_at_the_start_receives_nothing(started: tuple[Service, list[bytes]]) -> None:
    service, heard = started
    assert service.client.get("/health/ready").json()["ready"]
    assert heard == []


@needs_root
def test_a_fake_server_that_takes_the_place_of_a_killed_one_receives_nothing(service: Service) -> None:
    with a_stranger(impersonate, service.process.pid, (5432,)) as fake:
        for _ in range(2):
            killed = service.postmaster()
            os.kill(killed, signal.SIGKILL)
            refused = as_stranger(partial(take, service.data_dir))
            assert str(refused).startswith("PermissionError")
            eventually(lambda killed=killed: service.postmaster() not in (0, killed))  # type: ignore[misc]
            eventually(lambda: service.client.get("/health/ready").json()["ready"])
        assert received(fake) == []


def take(data_dir: Path) -> None:
    """Put a socket of one's own in the place of the server's."""
    address = socket_folder(data_dir / "postgres") / f".s.PGSQL.{PORT}"
    address.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as mine:
        mine.bind(str(address))


@needs_root
@pytest.mark.parametrize("layout", FORMER)
def test_a_holder_of_an_earlier_release_s_lock_gets_no_password_and_blocks_nothing(
    tmp_path: Path, repository: Path, layout: FormerLayout
) -> None:
    let_others_through(tmp_path)
    data, port = tmp_path / "data", free_port()
    layout.make(data, port)
    env = clean_environment() | {"BATEIA_DATA_DIR": str(data)}
    with (
        a_stranger(hold_lock, str(data / "lock")) as first,
        a_stranger(hold_lock, str(data / "postgres.lock")) as second,
        a_stranger(impersonate, 0, (port,)) as fake,
    ):
        assert (first.recv(), second.recv()) == ("held", "held")
        eventually(lambda: port in ports_of(fake))
        words = [sys.executable, "-m", "entrypoints.keys", "list"]
        listed = subprocess.run(words, cwd=repository, env=env, capture_output=True, text=True, timeout=60)
        assert (listed.returncode, listed.stdout.startswith("ID ")) == (0, True), listed.stderr
        assert received(fake) == []


def received(fake: Connection) -> list[bytes]:
    return ask(fake)[1]


def ports_of(fake: Connection) -> list[int]:
    return ask(fake)[0]


def ask(fake: Connection) -> tuple[list[int], list[bytes]]:
    fake.send("what came?")
    answer: tuple[list[int], list[bytes]] = fake.recv()
    return answer
