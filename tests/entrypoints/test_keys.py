"""The command line of keys, over a real database. (`tests/system/test_keys.py` starts it as a process.)"""

import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from domain.access import ROLES, Role, Scope, token
from entrypoints.configuration.settings import read_settings
from entrypoints.key_reports import ALLOWS
from entrypoints.keys import parser, run_command
from tests.support.processes import clean_environment

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Keys = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def database(lent_database: Callable[[], str]) -> str:
    return lent_database()


@pytest.fixture
def keys(database: str, capsys: pytest.CaptureFixture[str]) -> Keys:
    """Run the command without the process's preparation, which would shut this process off from other tests."""

    def run(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        status = run_command(read_settings({"DATABASE_URL": database} | settings).unwrap(), parser().parse_args(words))
        return subprocess.CompletedProcess(words, status, *capsys.readouterr())

    return run


def test_a_key_s_text_is_printed_once_and_stored_nowhere(keys: Keys, database: str) -> None:
    made = keys(
        "create", "--name", "ingestion", "--scope", "read", "--scope", "executions:write", "--expires-days", "9"
    )
    assert made.returncode == 0, made.stderr
    text = made.stdout.strip()
    read = token(text)
    assert read is not None
    assert text not in made.stderr
    (key_id,) = ID.findall(made.stderr)
    listed = keys("list")
    assert re.search(rf"{key_id}  ingestion  executions:write,read  \S+Z  \S+Z  -  +-\n", listed.stdout), listed.stdout
    revoked = keys("revoke", key_id)
    assert (revoked.returncode, "no key is left" in revoked.stderr) == (0, True)
    assert re.search(rf"{key_id} .*Z  \S+Z  \S+Z  -", keys("list").stdout)
    with psycopg.connect(database) as conn:
        rows = conn.execute("select k::text, encode(sha256, 'hex') from api_keys k").fetchall()
    assert [digest for _, digest in rows] == [read.digest]
    assert text.removeprefix("bateia_") not in f"{rows} {listed.stdout}"


def test_a_key_goes_to_a_new_file_of_its_owner_alone_and_is_not_printed(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "key"
    words = ("create", "--name", "n", "--scope", "read", "--output", str(path))
    made = keys(*words)
    assert (made.returncode, made.stdout) == (0, "")
    text = path.read_text()
    assert token(text) is not None
    assert text not in made.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = keys(*words)
    assert (again.returncode, again.stderr) == (1, f"keys: {path}: File exists\n")
    assert path.read_text() == text
    assert len(ID.findall(keys("list").stdout)) == 1


def test_a_key_that_a_file_holds_is_made_once(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "key"
    words = ("create", "--name", "first", "--scope", "read", "--from-file", str(path))
    assert keys(*words).stderr == f"keys: {path}: cannot be read: FileNotFoundError\n"
    path.write_text("bateia_short")
    assert keys(*words).stderr.startswith(f"keys: {path}: contains no API key")
    path.write_text(f"bateia_{'k' * 43}\n")
    for made in (keys(*words), keys(*words)):
        assert (made.returncode, made.stdout) == (0, "")
        assert "k" * 43 not in made.stderr
    assert len(ID.findall(keys("list").stdout)) == 1


def test_a_refused_command_is_one_line_and_changes_nothing(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "key"
    scope = ("--scope", "read", "--output", str(path))
    assert keys("create", "--name", "", *scope).stderr.startswith("keys: a name must have 1 to 100 characters")
    assert (
        keys("create", "--name", "n", "--expires-days", "0", *scope).stderr
        == "keys: a key must be valid for 1 to 3650 days\n"
    )
    unknown = "00000000-0000-7000-8000-000000000001"
    assert keys("revoke", unknown).stderr == f"keys: key {unknown} does not exist\n"
    away = keys("list", DATABASE_URL="postgresql://x@127.0.0.1:1/x")
    assert away.returncode == 1
    assert away.stderr.startswith("keys: the database does not answer: connection refused: ")
    assert away.stderr.count("\n") == 1
    assert not path.exists()


def test_help_describes_the_scopes(capsys: pytest.CaptureFixture[str]) -> None:
    for status, words in [(0, ["create", "--help"]), (2, ["create", "--name", "n", "--scope", "write"])]:
        with pytest.raises(SystemExit) as ended:
            parser().parse_args(words)
        assert ended.value.code == status
    said, refused = capsys.readouterr()
    assert all(word in said for word in (*Scope, *Role, "--role admin"))
    assert refused.startswith("keys create: argument --scope: invalid")


@pytest.mark.parametrize("role", Role)
def test_a_role_is_its_scopes(keys: Keys, role: Role) -> None:
    made = keys("create", "--name", "n", "--role", role)
    assert f"(scopes: {','.join(sorted(ROLES[role]))}; never expires)" in made.stderr
    can, cannot = made.stderr.split("it can ")[1].partition("it cannot ")[::2]
    for scope in Scope:
        assert (ALLOWS[scope] in can) is (scope in ROLES[role])
        assert (ALLOWS[scope] in cannot) is (scope not in ROLES[role])


def test_roles_and_scopes_are_joined(keys: Keys) -> None:
    made = keys("create", "--name", "n", "--role", "reader", "--scope", "admin", "--scope", "read")
    assert "(scopes: admin,read; never expires)" in made.stderr
    assert (
        "(scopes: executions:write,read,scripts:write;"
        in keys("create", "--name", "n", "--role", "runner", "--scope", "scripts:write").stderr
    )


def test_a_key_without_any_scope_is_refused(keys: Keys, tmp_path: Path) -> None:
    refused = keys("create", "--name", "n", "--output", str(tmp_path / "key"))
    assert refused.stderr == "keys: a key needs at least one scope: use --role reader|runner|author|admin, or --scope\n"
    assert (refused.returncode, (tmp_path / "key").exists()) == (1, False)


def test_the_first_key_ends_anonymous_access_and_revoking_the_last_restores_it(keys: Keys, database: str) -> None:
    first = keys("create", "--name", "n", "--role", "reader").stderr
    assert "now require a key, within 5 seconds" in first
    assert "no key has scripts:write, executions:write, admin: create another one" in first
    second = keys("create", "--name", "n", "--role", "admin").stderr
    assert "now require a key" not in second
    assert "no key has" not in second
    ids = [ID.findall(one)[0] for one in (first, second)]
    assert not re.search("left|remaining", keys("revoke", ids[1]).stderr)
    with psycopg.connect(database) as conn:
        conn.execute(
            "update api_keys set created_at = now() - interval '9 days', expires_at = now() - interval '1 day'"
        )
    assert "now require a key" not in (third := keys("create", "--name", "n", "--role", "admin").stderr)
    assert "all remaining keys have expired" in keys("revoke", ID.findall(third)[0]).stderr
    assert "no key is left: services on a loopback address" in keys("revoke", ids[0]).stderr
    again = keys("create", "--name", "n", "--role", "admin").stderr
    assert ("now require a key" in again, "no key has" in again) == (True, False)


def test_an_api_that_other_machines_can_reach_does_not_start_without_a_key(database: str, repository: Path) -> None:
    env = clean_environment() | {"DATABASE_URL": database, "BATEIA_HOST": "0.0.0.0"}
    command = [sys.executable, "-m", "entrypoints.api"]
    refused = subprocess.run(command, cwd=repository, env=env, capture_output=True, text=True, timeout=120)
    assert refused.returncode == 1
    assert refused.stderr.startswith("api: no API key exists, and 0.0.0.0 is reachable from other machines")
    assert "Traceback" not in refused.stderr


def test_a_key_whose_text_cannot_be_printed_is_named(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full, monkeypatch.context() as patched:
        patched.setattr("sys.stdout", full)
        refused = keys("create", "--name", "lost", "--role", "reader")
    assert refused.returncode == 1
    assert refused.stderr.startswith("keys: the output cannot be written: No space left on device; revoke the key ")
    (lost,) = ID.findall(refused.stderr)
    assert lost in keys("list").stdout
