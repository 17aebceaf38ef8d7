"""The service's role is limited to its own objects, and no user connects as another."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from adapters.postgres.schema import migrate
from entrypoints.embedded_postgres.binaries import PostgresUnusable
from entrypoints.embedded_postgres.embedded import embedded_database, embedded_postgres, running_database
from tests.support.postgres import accepts

REFUSED = psycopg.errors.InsufficientPrivilege
ATTRIBUTES = "rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin"
FOREIGN = """
select c.oid::regclass::text from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relowner <> 'bateia'::regrole
union all
select p.oid::regprocedure::text from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.proowner <> 'bateia'::regrole
"""
LIBPQ_VARIABLES = sorted(
    {option.envvar.decode() for option in psycopg.pq.Conninfo.get_defaults() if option.envvar}
    | {"PGSERVICEFILE", "PGTZ"}
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with embedded_postgres(tmp_path_factory.mktemp("embedded"), ["fsync=off"]) as url:
        migrate(url)
        yield url


def test_the_role_has_no_privileges_and_owns_the_schema(url: str) -> None:
    with psycopg.connect(url) as conn:
        assert conn.execute("select current_user, session_user, current_database()").fetchone() == ("bateia",) * 3
        roles = conn.execute(f"select {ATTRIBUTES} from pg_roles r where rolname = 'bateia'".encode()).fetchone()
        assert roles == (False, False, False, False, False, True)
        superusers = conn.execute("select rolname, rolcanlogin from pg_roles where rolsuper").fetchall()
        assert superusers == [("postgres", False)]
        memberships = "select count(*) from pg_auth_members where member = 'bateia'::regrole"
        assert conn.execute(memberships.encode()).fetchone() == (0,)
        assert conn.execute(FOREIGN.encode()).fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to program 'id'",
        "copy schema_migrations from program 'id'",
        "copy (select 1) to '/tmp/canary'",
        "copy schema_migrations from '/etc/passwd'",
        "select pg_read_file('/etc/passwd')",
        "select pg_ls_dir('/')",
        "select lo_import('/etc/passwd')",
        "select lo_export(1, '/tmp/canary')",
        "create function evil() returns int language c as 'libc', 'system'",
        "create function evil() returns int language internal as 'int4um'",
        "create extension pg_stat_statements",
        "load 'libc'",
        "create role other superuser",
        "alter role bateia superuser",
        "create database other",
        "alter system set archive_command = 'id'",
        "set role postgres",
        "set session authorization postgres",
        "grant pg_execute_server_program to bateia",
        "select rolpassword from pg_authid",
        "set session_preload_libraries = 'libc'",
    ],
)
def test_a_superuser_s_acts_are_refused(url: str, statement: str) -> None:
    with (
        psycopg.connect(url, autocommit=True) as conn,
        pytest.raises((REFUSED, psycopg.errors.CantChangeRuntimeParam, psycopg.errors.FeatureNotSupported)),
    ):
        conn.execute(statement.encode())


@pytest.mark.parametrize("wanted", ["postgresql://postgres@/bateia", "postgresql://bateia@/template1"])
def test_no_other_role_and_no_other_database_can_be_connected_to(url: str, wanted: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf rejects connection"):
        psycopg.connect(wanted + "?" + url.partition("?")[2])
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(url + "&replication=true")


def test_libpq_s_variables_are_ignored_meanwhile_and_there_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "PGOPTIONS" in LIBPQ_VARIABLES
    for name in LIBPQ_VARIABLES:
        monkeypatch.setenv(name, "canary")
    with embedded_postgres(tmp_path / "data") as url:
        assert not set(LIBPQ_VARIABLES) & os.environ.keys()
        with psycopg.connect(url) as conn, running_database(tmp_path / "data") as another:
            assert conn.execute("show datestyle").fetchone() == ("ISO, MDY",)
            psycopg.connect(another).close()
    assert {os.environ[name] for name in LIBPQ_VARIABLES} == {"canary"}


def test_a_database_is_found_running_or_started_and_never_created_implicitly(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with pytest.raises(PostgresUnusable, match="no database found in"), embedded_database(data):
        pass
    assert not data.exists()
    with embedded_database(data, make=True) as made, embedded_database(data) as found:
        assert (made.is_own, found.is_own) == (True, False)
        psycopg.connect(found.url).close()
    with embedded_database(data) as started:
        assert started.is_own
        psycopg.connect(started.url).close()


def test_a_socket_without_a_server_is_none(tmp_path: Path) -> None:
    with embedded_postgres(tmp_path / "data") as url:
        host = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
        left = host.resolve() / ".s.PGSQL.5432"
        os.link(left, host.resolve() / "kept")
    (left.parent / "kept").rename(left)
    with running_database(tmp_path / "data") as found:
        assert found == ""
    with embedded_postgres(tmp_path / "data") as url:
        assert accepts(url)
