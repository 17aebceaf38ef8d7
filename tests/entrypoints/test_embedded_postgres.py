"""The embedded PostgreSQL keeps what it acknowledged, whatever is killed, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

import psycopg
import pytest

from entrypoints import postgres_binaries
from entrypoints.embedded_postgres import embedded_postgres, running_server
from entrypoints.postgres_binaries import PostgresUnusable
from tests.processes import family, running
from tests.waiting import eventually

ROOT = Path(__file__).parents[2]

WRITER = """
import sys, psycopg
from pathlib import Path
from entrypoints.embedded_postgres import embedded_postgres
with embedded_postgres(Path(sys.argv[1])) as url, psycopg.connect(url, autocommit=True) as connection:
    connection.execute("create table if not exists written (number int)")
    for number in range(1_000_000):
        connection.execute("insert into written values (%s)", (number,))
        print(number, flush=True)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bateia-"))
    folder.chmod(0o755)  # as root, the server runs as somebody who must pass through it
    yield folder
    rmtree(folder)


def start_writer(data_dir: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", WRITER, data_dir], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill_family(process: "subprocess.Popen[str]") -> None:
    for pid in family(process.pid):
        with suppress(ProcessLookupError):  # a backend may end by itself meanwhile
            os.kill(pid, signal.SIGKILL)
    process.communicate()


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row and row[0]


def server_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def test_it_is_durable_checked_and_private(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as url:
        for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert ask(url, f"select current_setting('{name}')") == "on"
        assert ask(url, "select current_setting('listen_addresses')") == "127.0.0.1"
        assert ask(url, "select current_setting('unix_socket_directories')") == ""
        assert ask(url, "select upper('ação')") == "AÇÃO"
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(":", ":x", 2).replace(":x//", "://"))
    assert (data_dir / "postgres" / "password").stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_after_the_block(data_dir: Path) -> None:
    with embedded_postgres(data_dir):
        processes = family(server_pid(data_dir))
        assert len(processes) > 1
    assert not any(map(running, processes))


def test_options_reach_the_server(data_dir: Path) -> None:
    with embedded_postgres(data_dir, ["fsync=off", "max_connections=17"]) as url:
        assert ask(url, "select current_setting('fsync') || current_setting('max_connections')") == "off17"


def test_an_option_that_the_server_refuses_is_one_line_that_names_its_log(data_dir: Path) -> None:
    with pytest.raises(PostgresUnusable, match="log") as refusal, embedded_postgres(data_dir, ["no_such=1"]):
        pass
    assert "\n" not in str(refusal.value)


def test_what_was_acknowledged_survives_the_death_of_every_process(data_dir: Path) -> None:
    writer = start_writer(data_dir)
    assert writer.stdout
    acknowledged = [int(writer.stdout.readline()) for _ in range(200)]
    kill_family(writer)
    with embedded_postgres(data_dir) as url:
        assert ask(url, f"select count(*) from written where number <= {acknowledged[-1]}") == 200


def test_a_server_whose_starter_was_killed_ends_and_lets_the_next_one_in(data_dir: Path) -> None:
    writer = start_writer(data_dir)
    assert writer.stdout
    assert writer.stdout.readline() == "0\n"
    processes = family(server_pid(data_dir))
    writer.kill()
    writer.communicate()
    with embedded_postgres(data_dir) as url:
        assert not any(map(running, processes))
        assert ask(url, "select count(*) > 0 from written") is True


def test_an_unfinished_initdb_is_begun_again(data_dir: Path) -> None:
    writer = start_writer(data_dir)
    eventually((data_dir / "postgres.begun" / "data" / "base").exists)
    kill_family(writer)
    assert not (data_dir / "postgres").exists()
    with embedded_postgres(data_dir) as url:
        assert ask(url, "select 1") == 1
    assert not (data_dir / "postgres.begun").exists()


def test_a_second_start_on_the_same_folder_is_refused_and_harms_nothing(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as url:
        with pytest.raises(PostgresUnusable, match="another process"), embedded_postgres(data_dir):
            pass
        assert ask(url, "select 1") == 1


def test_a_lock_file_whose_process_id_now_belongs_to_somebody_else_is_no_obstacle(data_dir: Path) -> None:
    with embedded_postgres(data_dir):
        left = (data_dir / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
    (data_dir / "postgres" / "data" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:], ""]))
    with embedded_postgres(data_dir) as url:
        assert ask(url, "select 1") == 1


def test_the_port_stays_the_same_while_it_is_free(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as first:
        pass
    with embedded_postgres(data_dir) as second:
        assert second == first
    port = psycopg.conninfo.conninfo_to_dict(first)["port"]
    with socket.create_server(("127.0.0.1", int(port or 0))), embedded_postgres(data_dir) as third:
        assert third != first
        assert ask(third, "select 1") == 1


def test_a_server_that_died_can_be_launched_again_under_its_url(data_dir: Path) -> None:
    with running_server(data_dir) as server:

        def works_again() -> bool:
            server.launch()  # in vain while backends of the old one linger
            return server.accepts()

        os.kill(server_pid(data_dir), signal.SIGKILL)
        eventually(lambda: not server.alive)
        eventually(works_again)
        assert ask(server.url, "select 1") == 1


def test_a_cluster_of_another_major_version_is_refused_in_one_line(data_dir: Path) -> None:
    with embedded_postgres(data_dir):
        pass
    (data_dir / "postgres" / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresUnusable, match="made by PostgreSQL 9") as refusal, embedded_postgres(data_dir):
        pass
    assert "\n" not in str(refusal.value)


def test_a_named_folder_without_binaries_is_refused_not_replaced(data_dir: Path) -> None:
    with pytest.raises(PostgresUnusable, match="PG_BIN"), embedded_postgres(data_dir, env={"PG_BIN": "/nowhere"}):
        pass


def test_a_data_folder_that_cannot_be_made_is_refused_in_one_line(data_dir: Path) -> None:
    (data_dir / "file").touch()
    with pytest.raises(PostgresUnusable, match="cannot be used"), embedded_postgres(data_dir / "file" / "folder"):
        pass


def test_without_user_namespaces_it_runs_or_says_what_is_in_the_way(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_binaries, "_UNSHARE", ("false",))
    answer: object
    try:
        with embedded_postgres(data_dir) as url:
            answer = ask(url, "select 1")
    except PostgresUnusable as refusal:  # as root, where the checkout itself is closed to all others
        answer = "chmod a+x" in str(refusal)
    assert answer in (1, True)
