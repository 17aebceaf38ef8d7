"""Errors say why a database cannot be used, and never show its content, nor its password, nor a part of that."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from adapters.postgres import server
from adapters.postgres.connections import open_pool
from adapters.postgres.failures import DatabaseRefused, connection_failure
from adapters.postgres.session import Pooling
from entrypoints.composition.bootstrap import settings_from
from entrypoints.embedded_postgres.database_errors import refuse_unreachable, refuse_unusable, unreachable
from tests.support.pgbouncer import a_pgbouncer
from tests.support.postgres_server import PASSWORD, TcpServer, a_tcp_server
from tests.support.processes import clean_environment, free_port
from tests.support.waiting import eventually, eventually_sees

CANARY = "c4n4ry"


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("127.0.0.1:1", "nothing listens"),
        ("nowhere.invalid:1", "name cannot be resolved"),
        (f"x@{CANARY}@h", "resolved"),
    ],
)
def test_why_it_cannot_be_reached_is_one_line_without_the_password(place: str, why: str) -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        refuse_unreachable(f"postgresql://user:{CANARY}@{place}/none")
    said = unreachable(refused.value)
    assert said.startswith("the database does not answer: ")
    assert why in said
    assert "\n" not in said
    assert CANARY not in said


def test_a_server_s_answer_to_a_statement_is_not_repeated() -> None:
    assert unreachable(psycopg.errors.UniqueViolation(f"row {CANARY}")) == "the database failed (UniqueViolation)"


def test_of_several_hosts_the_one_that_refuses_is_spoken_of(tcp_server: TcpServer) -> None:
    url = f"postgresql://admin:{CANARY}@127.0.0.1:1,127.0.0.1:{tcp_server.port}/postgres"
    with pytest.raises(psycopg.OperationalError) as refused:
        refuse_unreachable(url)
    failure = connection_failure(refused.value)
    assert failure.is_lasting
    assert "rejects the role or its password" in failure.text


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TcpServer]:
    """Run a server on which each reason for a refusal exists, as a database or a role of that name."""
    with a_tcp_server(tmp_path_factory.mktemp("strict")) as made:
        made.execute(
            *(
                f"create role {one} login password '{PASSWORD}'"
                for one in ("app", "none_left", "elsewhere", "tls_only")
            ),
            f"create role no_login password '{PASSWORD}'",
            "alter role none_left connection limit 0",
            *(f"create database {one}" for one in ("closed", "private", "only_reads")),
            "revoke connect on database private from public",
            "alter database closed allow_connections false",
            "alter database only_reads set default_transaction_read_only = on",
            "create database latin encoding 'LATIN1' locale 'C' template template0",
            "create database bytes encoding 'SQL_ASCII' locale 'C' template template0",
        )
        made.reload(
            "host all elsewhere 127.0.0.1/32 reject\n"
            "hostssl all tls_only 127.0.0.1/32 scram-sha-256\n"
            "host all app,admin,none_left,no_login,missing 127.0.0.1/32 scram-sha-256\n"
        )
        eventually(lambda: "reject" in str(made.execute("select auth_method from pg_hba_file_rules")))
        yield made


@pytest.mark.parametrize(
    ("role", "password", "place", "why"),
    [
        ("app", CANARY, "postgres", "percent-encoded"),
        ("missing", PASSWORD, "postgres", "rejects the role"),
        ("no_login", PASSWORD, "postgres", "create role NAME login"),
        ("app", PASSWORD, "missing", "create database NAME"),
        ("app", PASSWORD, "closed", "allow_connections"),
        ("app", PASSWORD, "private", "grant connect"),
        ("elsewhere", PASSWORD, "postgres", "pg_hba.conf"),
        ("tls_only", PASSWORD, "postgres", "sslmode=require"),
        ("app", PASSWORD, "postgres?sslmode=require", "does not support it"),
        ("app", PASSWORD, "postgres?options=-c%20nonsense%3D1", "`options`"),
        ("app", PASSWORD, "postgres?require_auth=password", "require_auth"),
        ("app", PASSWORD, "latin", "LATIN1"),
        ("app", PASSWORD, "bytes", "SQL_ASCII"),
    ],
)
async def test_an_error_that_only_the_operator_can_fix_ends_the_start(
    strict: TcpServer, role: str, password: str, place: str, why: str
) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        await refuse_unusable(strict.url(place, role, password), Pooling.AUTO)
    said = str(refused.value)
    assert why in said
    assert "\n" not in said
    assert password not in said


async def test_a_server_of_an_old_version_is_refused(strict: TcpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "OLDEST_VERSION", strict.version + 1)
    with pytest.raises(DatabaseRefused, match=f"the server is PostgreSQL {strict.version};"):
        await refuse_unusable(strict.url(), Pooling.AUTO)


async def test_a_temporary_error_does_not_end_the_start(strict: TcpServer) -> None:
    await refuse_unusable(strict.url(role="none_left"), Pooling.AUTO)
    await refuse_unusable(f"postgresql://app:{CANARY}@127.0.0.1:{free_port()}/postgres", Pooling.AUTO)
    with pytest.raises(psycopg.OperationalError) as refused:
        refuse_unreachable(strict.url(role="none_left"))
    assert "CONNECTION LIMIT" in unreachable(refused.value)


def test_a_server_that_is_not_ready_yet_is_reported_as_starting(tmp_path: Path) -> None:
    with a_tcp_server(tmp_path / "later") as later:
        later.stop()
        (later.data / "standby.signal").touch()
        later.flags["hot_standby"] = "off"
        later.launch()

        def answer() -> str:
            with pytest.raises(psycopg.OperationalError) as refused:
                refuse_unreachable(later.url())
            return unreachable(refused.value)

        assert eventually(lambda: said if "starting" in (said := answer()) else "")


async def test_a_database_that_only_reads_is_reported_and_waited_for(
    strict: TcpServer, caplog: pytest.LogCaptureFixture
) -> None:
    await refuse_unusable(strict.url("only_reads", "app"), Pooling.AUTO)
    assert "default_transaction_read_only" in caplog.text


@pytest.mark.parametrize(
    ("mode", "query", "why"),
    [("transaction", "?options=-c%20work_mem%3D5MB", "startup parameter"), ("statement", "", "pool_mode")],
)
async def test_a_pooler_that_cannot_be_worked_with_ends_the_start(
    strict: TcpServer, tmp_path: Path, mode: str, query: str, why: str
) -> None:
    with a_pgbouncer(strict.url(role="app"), tmp_path / "pooler", mode) as pooler:
        with pytest.raises(DatabaseRefused, match=why):
            await refuse_unusable(pooler.url + query, Pooling.AUTO)
        with pytest.raises(DatabaseRefused, match="rejects the role or its password"):
            await refuse_unusable(pooler.url.replace(PASSWORD, CANARY), Pooling.AUTO)


async def test_a_pooler_is_reported_with_the_setting_to_change(
    strict: TcpServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with a_pgbouncer(strict.url(role="app"), tmp_path / "pooler", "transaction") as pooler:
        await refuse_unusable(pooler.url, Pooling.TRANSACTION)
        assert "pooler" not in caplog.text
        await refuse_unusable(pooler.url, Pooling.AUTO)
    (said,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert "DATABASE_POOLER=session" in said


@pytest.mark.parametrize("module", ["migrate", "api", "worker", "keys"])
def test_every_process_reports_it_in_one_line_and_ends(strict: TcpServer, repository: Path, module: str) -> None:
    words = ["list"] if module == "keys" else []
    env = clean_environment() | {
        "DATABASE_URL": strict.url(role="app", password=CANARY),
        "BATEIA_PORT": str(free_port()),
    }
    command = [sys.executable, "-m", f"entrypoints.{module}", *words]
    ended = subprocess.run(command, cwd=repository, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"{module}: ")
    assert "percent-encoded" in line


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://app:abc@{CANARY}@db/x",
        f"postgresql://app:ab/{CANARY}@db/x",
        f"postgresql://app:12/{CANARY}@db/x",
        f"postgresql://app:%zz{CANARY}@db/x",
        f"postgresql://app/{CANARY}:pw@db/x",
        f"postgresql://app?{CANARY}:pw@db/x",
        f"postgresql://app:ab\n{CANARY}@db/x",
        f"postgresql://app:pw@db:{CANARY}/x",
        f"postgresql://app:pw@db/x?connect_timeout={CANARY}",
        f"postgresql://app:pw@db/x?{CANARY}=1",
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_DIRECT_URL"])
def test_an_ambiguous_url_is_refused_without_being_repeated(
    capsys: pytest.CaptureFixture[str], name: str, url: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        settings_from(clean_environment() | {"DATABASE_URL": "postgresql://127.0.0.1/x", name: url})
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{name}: ")
    assert CANARY not in line


@pytest.mark.parametrize("password", ["p%40ss", "a?b", "a#b", "a:b", "a%2Fb", "a+b=c&d", "a[b]", "é"])
def test_a_password_that_needs_no_encoding_or_has_it_is_taken(strict: TcpServer, password: str) -> None:
    strict.execute(f"alter role app password '{unquote(password)}'")
    try:
        refuse_unreachable(f"postgresql://app:{password}@127.0.0.1:{strict.port}/postgres")
    finally:
        strict.execute(f"alter role app password '{PASSWORD}'")


async def test_a_pool_s_log_repeats_no_part_of_a_url(caplog: pytest.LogCaptureFixture) -> None:
    async def tried() -> bool:
        return "error connecting in" in caplog.text

    async with open_pool(f"postgresql://app:abc@{CANARY}@nowhere.invalid/x", "tests", size=1):
        await eventually_sees(tried)
    assert CANARY not in caplog.text
    assert os.linesep not in caplog.records[0].getMessage()
