"""Data folders of earlier releases remain usable, even if their conversion is interrupted."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from adapters.postgres.schema import migrate
from entrypoints.embedded_postgres.embedded import embedded_postgres
from tests.entrypoints.test_embedded_access import FOREIGN
from tests.support.folders import let_others_through
from tests.support.former_layouts import FORMER, ID, FormerLayout
from tests.support.processes import free_port

ROOT = Path(__file__).parents[2]

KILLED_AT = """
import os, pathlib, signal, sys
from entrypoints.embedded_postgres import cluster, private_files
from entrypoints.embedded_postgres.embedded import embedded_postgres

left = int(sys.argv[2])

def step(call):
    def counted(*words, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*words, **more)
    return counted

for name in ("give", "run_as_superuser", "write_for", "_mkdir"):
    setattr(cluster, name, step(getattr(cluster, name)))
pathlib.Path.unlink = step(pathlib.Path.unlink)
chown, files = os.chown, 0

def some_chown(*words, **more):  # in the middle of a folder's files
    global files
    files += 1
    return (step(chown) if files == 500 else chown)(*words, **more)

os.chown = some_chown
with embedded_postgres(pathlib.Path(sys.argv[1])):
    print("started", flush=True)
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    let_others_through(tmp_path)  # the server of that time may have been another's
    return tmp_path / "data"


@pytest.mark.parametrize("layout", FORMER)
def test_a_former_cluster_keeps_its_data_and_loses_superuser_password_and_port(
    data_dir: Path, layout: FormerLayout
) -> None:
    port = free_port()
    layout.make(data_dir, port)
    for _ in range(2):
        with embedded_postgres(data_dir) as url:
            migrate(url)
            assert_changed(url, data_dir, port)


def assert_changed(url: str, data_dir: Path, port: int) -> None:
    with psycopg.connect(url) as conn:
        assert conn.execute("select id::text, name from scripts").fetchall() == [(ID, "kept")]
        assert conn.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (False,)
        assert conn.execute("select rolname, rolcanlogin from pg_roles where rolsuper").fetchall() == [
            ("postgres", False)
        ]
        assert conn.execute(FOREIGN.encode()).fetchall() == []
    assert sorted(path.name for path in (data_dir / "postgres").iterdir()) == ["data", "socket"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_change_that_is_killed_at_any_step_is_completed_by_the_next_start(data_dir: Path) -> None:
    port = free_port()
    FORMER[-1].make(data_dir, port)
    killed = 0
    while run_until_step(data_dir, killed) == -signal.SIGKILL:
        killed += 1
    assert killed >= 7
    with embedded_postgres(data_dir) as url:
        migrate(url)
        assert_changed(url, data_dir, port)


def run_until_step(data_dir: Path, number: int) -> int:
    words = [sys.executable, "-c", KILLED_AT, str(data_dir), str(number)]
    return subprocess.run(words, cwd=ROOT, timeout=120, check=False).returncode
