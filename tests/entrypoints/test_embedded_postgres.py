"""The embedded PostgreSQL preserves acknowledged writes after every kill, and leaves nothing running."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

import psycopg
import pytest

from entrypoints.embedded_postgres import identity as postgres_identity
from entrypoints.embedded_postgres.binaries import PostgresUnusable
from entrypoints.embedded_postgres.embedded import embedded_postgres, running_database, running_server
from tests.support.processes import family, running
from tests.support.strangers import needs_root
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]

WRITER = """
import sys, psycopg
from pathlib import Path
from entrypoints.embedded_postgres.embedded import embedded_postgres
with embedded_postgres(Path(sys.argv[1])) as url, psycopg.connect(url, autocommit=True) as connection:
    connection.execute("create table if not exists written (number int)")
    for number in range(1_000_000):
        connection.execute("insert into written values (%s)", (number,))
        print(number, flush=True)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bateia-"))
    yield folder
    rmtree(folder)


@pytest.fixture(scope="module")
def first_start() -> Iterator[Path]:
    """Make a data folder as a first start leaves it, once: that takes seconds, and copying it none."""
    folder = Path(tempfile.mkdtemp(prefix="bateia-"))
    with embedded_postgres(folder):
        pass
    yield folder
    rmtree(folder)


@pytest.fixture
def used_dir(first_start: Path, data_dir: Path) -> Path:
    """Copy that folder, with owners and modes."""
    return copied(first_start, data_dir)


def copied(folder: Path, to: Path) -> Path:
    to.mkdir(exist_ok=True)
    subprocess.run(["cp", "--archive", f"{folder}/.", str(to)], check=True)
    return to


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
        assert ask(url, "select current_setting('listen_addresses')") == ""
        assert ask(url, "select upper('ação')") == "AÇÃO"
        assert "@/" in url  # there is no password
    assert not {"password", "port"} & {path.name for path in (data_dir / "postgres").iterdir()}


def test_nothing_is_left_after_the_block(used_dir: Path) -> None:
    with embedded_postgres(used_dir):
        processes = family(server_pid(used_dir))
        assert len(processes) > 1
    assert not any(map(running, processes))


def test_options_reach_the_server(used_dir: Path) -> None:
    with embedded_postgres(used_dir, ["fsync=off", "max_connections=17"]) as url:
        assert ask(url, "select current_setting('fsync') || current_setting('max_connections')") == "off17"


def test_an_option_that_the_server_refuses_is_one_line_with_the_reason_and_the_log(used_dir: Path) -> None:
    with pytest.raises(PostgresUnusable, match="log") as refusal, embedded_postgres(used_dir, ["no_such=1"]):
        pass
    assert 'unrecognized configuration parameter "no_such"' in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_server_that_refuses_the_service_is_reported_at_once_with_its_message(
    data_dir: Path, first_start: Path
) -> None:
    hba = data_dir / "refuses.conf"
    hba.write_text("local all all reject\n")
    data_dir.chmod(0o755)  # root's server has to read it
    hba.chmod(0o644)
    began = time.monotonic()
    with (
        pytest.raises(PostgresUnusable, match="rejects connection") as refusal,
        embedded_postgres(copied(first_start, data_dir / "data"), [f"hba_file={hba}"]),
    ):
        pass
    assert time.monotonic() - began < 60  # and not after the time that a start may take
    assert "\n" not in str(refusal.value)


def test_acknowledged_writes_survive_the_death_of_every_process(used_dir: Path) -> None:
    writer = start_writer(used_dir)
    assert writer.stdout
    acknowledged = [int(writer.stdout.readline()) for _ in range(200)]
    kill_family(writer)
    with embedded_postgres(used_dir) as url:
        assert ask(url, f"select count(*) from written where number <= {acknowledged[-1]}") == 200


def test_a_server_whose_parent_was_killed_ends_and_makes_way_for_the_next_one(used_dir: Path) -> None:
    writer = start_writer(used_dir)
    assert writer.stdout
    assert writer.stdout.readline() == "0\n"
    processes = family(server_pid(used_dir))
    writer.kill()
    writer.communicate()
    with embedded_postgres(used_dir) as url:
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


def test_a_second_start_on_the_same_folder_is_refused_and_harms_nothing(used_dir: Path) -> None:
    with embedded_postgres(used_dir) as url:
        with pytest.raises(PostgresUnusable, match="another process"), embedded_postgres(used_dir):
            pass
        assert ask(url, "select 1") == 1


def test_a_lock_file_with_a_reused_process_id_is_no_obstacle(used_dir: Path) -> None:
    with embedded_postgres(used_dir):
        left = (used_dir / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
    (used_dir / "postgres" / "data" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:], ""]))
    with embedded_postgres(used_dir) as url:
        assert ask(url, "select 1") == 1


def test_the_url_stays_the_same(used_dir: Path) -> None:
    with embedded_postgres(used_dir) as first:
        pass
    with embedded_postgres(used_dir) as second:
        assert second == first


@pytest.mark.parametrize("name", ["d" * 120, "a,b", "ação"])
def test_a_path_that_does_not_fit_into_a_socket_s_address_is_reached_by_a_link(
    data_dir: Path, first_start: Path, name: str
) -> None:
    with embedded_postgres(copied(first_start, data_dir / name)) as url:
        assert ask(url, "select 1") == 1
        link = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
        assert (link.parent.stat().st_uid, link.parent.stat().st_mode & 0o777) == (os.geteuid(), 0o700)
        with running_database(data_dir / name) as another:
            assert ask(another, "select 1") == 1
    assert not link.parent.exists()


def test_a_server_that_died_can_be_launched_again_under_its_url(used_dir: Path) -> None:
    with running_server(used_dir) as server:

        def works_again() -> bool:
            if not server.alive:
                server.launch()  # in vain while backends of the old one linger
            try:
                server.await_ready()
            except PostgresUnusable:
                return False
            return True

        os.kill(server_pid(used_dir), signal.SIGKILL)
        eventually(lambda: not server.alive)
        eventually(works_again)
        assert ask(server.url, "select 1") == 1


def test_a_cluster_of_another_major_version_is_refused_in_one_line(used_dir: Path) -> None:
    (used_dir / "postgres" / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresUnusable, match="made by PostgreSQL 9") as refusal, embedded_postgres(used_dir):
        pass
    assert "\n" not in str(refusal.value)


def test_a_named_folder_without_binaries_is_refused_not_replaced(data_dir: Path) -> None:
    with pytest.raises(PostgresUnusable, match="PG_BIN"), embedded_postgres(data_dir, env={"PG_BIN": "/nowhere"}):
        pass


def test_a_data_folder_that_cannot_be_made_is_refused_in_one_line(data_dir: Path) -> None:
    (data_dir / "file").touch()
    with pytest.raises(PostgresUnusable, match="cannot be used"), embedded_postgres(data_dir / "file" / "folder"):
        pass


@needs_root
@pytest.mark.parametrize("missing", ["unshare", "setpriv"])
def test_root_s_server_runs_as_another_user_or_reports_the_obstacle(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def without(*command: str) -> bool:
        return missing not in command and runs(*command)

    runs = postgres_identity._runs
    monkeypatch.setattr(postgres_identity, "_runs", without)
    answer: object
    try:
        with embedded_postgres(data_dir) as url:
            answer = ask(url, "select 1")
            inside = Path(f"/proc/{server_pid(data_dir)}/status").read_text()
            assert missing == "setpriv" or "\nUid:\t65534\t" in inside
    except PostgresUnusable as refusal:  # where the checkout itself is closed to other users
        answer = "chmod a+x" in str(refusal)
    assert answer in (1, True)


@needs_root
def test_files_go_to_the_user_that_root_s_server_runs_as(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = postgres_identity._runs
    for missing in ("unshare", "setpriv", "nothing", "setpriv"):
        monkeypatch.setattr(
            postgres_identity, "_runs", lambda *words, missing=missing: missing not in words and runs(*words)
        )
        with suppress(PostgresUnusable), embedded_postgres(data_dir) as url:  # each is possible only on some machines
            assert ask(url, "select 1") == 1
    monkeypatch.undo()
    with embedded_postgres(data_dir) as url:
        assert ask(url, "select 1") == 1


@needs_root
def test_a_data_folder_of_another_user_is_refused(data_dir: Path) -> None:
    os.chown(data_dir, 54_321, -1)
    with pytest.raises(PostgresUnusable, match="belongs to user 54321"), embedded_postgres(data_dir):
        pass


def test_a_folder_writable_by_other_users_is_refused_and_left_as_it_is(data_dir: Path) -> None:
    data_dir.chmod(0o1777)
    (data_dir / "another_s").touch()
    with pytest.raises(PostgresUnusable, match="other users may write to it"), embedded_postgres(data_dir):
        pass
    assert data_dir.stat().st_mode & 0o7777 == 0o1777


def test_a_folder_with_other_files_keeps_its_mode(data_dir: Path) -> None:
    data_dir.chmod(0o755)
    (data_dir / "ours").touch()
    with embedded_postgres(data_dir) as url:
        assert ask(url, "select 1") == 1
    assert data_dir.stat().st_mode & 0o777 == 0o755


def test_a_loose_folder_of_an_earlier_release_is_closed(used_dir: Path) -> None:
    loose = {"lock": 0o644, "postgres.lock": 0o644, "postgres.log": 0o644, "postgres": 0o755, ".": 0o755}
    for name, mode in loose.items():
        (used_dir / name).chmod(mode)
    with embedded_postgres(used_dir):
        assert {(used_dir / name).stat().st_mode & 0o077 for name in loose} == {0}


@pytest.mark.parametrize("name", ["lock", "postgres.lock", "postgres.log"])
def test_a_link_in_the_place_of_a_file_is_not_followed(used_dir: Path, tmp_path: Path, name: str) -> None:
    (used_dir / name).unlink()
    (used_dir / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PostgresUnusable, match="cannot be used"), embedded_postgres(used_dir):
        pass
    assert not (tmp_path / "elsewhere").exists()
