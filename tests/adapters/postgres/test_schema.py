"""Migrations: each once, one process at a time, never edited, and only where code and schema fit."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from attrs import evolve
from psycopg.rows import dict_row

from adapters.postgres import schema
from adapters.postgres.connections import Connection
from adapters.postgres.schema import MIGRATIONS, Migration, SchemaConflict, migrate, read_migrations, schema_trouble
from tests.support.hostile_role import ROLE
from tests.support.pgbouncer import PgBouncer
from tests.support.postgres import copy_template, database_of
from tests.support.postgres_server import PASSWORD, TcpServer
from tests.support.values import an_id
from tests.support.waiting import eventually

ONE = Migration(number=1, name="one", oldest_code=1, sql=b"create table one (n int);")
TWO = Migration(number=2, name="two", oldest_code=1, sql=b"create table two (n int);")
THREE = Migration(number=3, name="three", oldest_code=3, sql=b"drop table one;")


async def trouble(url: str, migrations: tuple[Migration, ...]) -> str:
    async with await Connection.connect(url, row_factory=dict_row) as conn:
        return await schema_trouble(conn, migrations)


def test_missing_migrations_are_applied_once_and_in_order(empty_database: str) -> None:
    assert migrate(empty_database, [ONE]) == (ONE,)
    assert migrate(empty_database, [ONE, TWO, THREE]) == (TWO, THREE)
    assert migrate(empty_database, [ONE, TWO, THREE]) == ()


def test_concurrent_processes_apply_it_once(empty_database: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(lambda _: migrate(empty_database, [ONE, TWO]), range(4)))
    assert sorted(one.number for each in applied for one in each) == [1, 2]


def test_a_failing_migration_leaves_nothing_of_itself(empty_database: str) -> None:
    broken = evolve(TWO, sql=b"create table two (n int); select 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty_database, [ONE, broken])
    assert migrate(empty_database, [ONE, TWO]) == (TWO,)


def test_an_edited_migration_is_a_conflict(empty_database: str) -> None:
    migrate(empty_database, [ONE])
    with pytest.raises(SchemaConflict, match="migration 1 "):
        migrate(empty_database, [evolve(ONE, sql=b"create table other (n int);")])


async def test_code_and_schema_fit_or_the_older_one_is_named(empty_database: str) -> None:
    assert "is not migrated" in await trouble(empty_database, (ONE,))
    migrate(empty_database, [ONE])
    assert await trouble(empty_database, (ONE,)) == ""
    assert "run the migrations" in await trouble(empty_database, (ONE, TWO))
    migrate(empty_database, [ONE, TWO])
    assert await trouble(empty_database, (ONE,)) == ""
    migrate(empty_database, [ONE, TWO, THREE])
    assert "upgrade it" in await trouble(empty_database, (ONE, TWO))


def test_warnings_come_to_a_database_that_has_rows_and_older_code_still_works_on_it(empty_database: str) -> None:
    script = an_id()
    version = "insert into script_versions values (%s, %s, 'x', %s, 1, 1, 1, 1, now())"
    execution = (
        "insert into executions (id, script_id, version, state, attempt, submitted_at, input_bytes, input_sha256)"
        " values (%s, %s, 1, 'pending', 0, now(), 1, %s)"
    )
    migrate(empty_database, MIGRATIONS[:1])
    with psycopg.connect(empty_database, autocommit=True) as conn:
        conn.execute("insert into scripts values (%s, 'a', '', now())", (script,))
        conn.execute(version, (script, 1, bytes(32)))
        conn.execute(execution, (an_id(), script, bytes(32)))
        assert migrate(empty_database, MIGRATIONS[:2]) == MIGRATIONS[1:2]
        conn.execute(version, (script, 2, bytes(32)))
        conn.execute(execution, (an_id(), script, bytes(32)))
        of_executions = "select coalesce(input_warnings, output_warnings) from executions"
        found = conn.execute(f"{of_executions} union all select warnings from script_versions").fetchall()
        assert found == [(None,)] * 4


@pytest.mark.parametrize("level", range(2, len(MIGRATIONS) + 1))
async def test_code_of_level_1_may_run_on_later_levels(empty_database: str, level: int) -> None:
    migrate(empty_database, MIGRATIONS[:level])
    assert await trouble(empty_database, MIGRATIONS[:1]) == ""


def test_the_migrations_are_numbered_from_one_without_gap(new_database: Callable[[], str]) -> None:
    assert [one.number for one in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
    assert migrate(new_database()) == ()


def test_a_migration_must_name_its_oldest_code(tmp_path: Path) -> None:
    (tmp_path / "0001_silent.sql").write_text("select 1;\n")
    with pytest.raises(AssertionError, match="0001_silent"):
        read_migrations(tmp_path)


def hold_lock(url: str) -> "psycopg.Connection[Any]":
    """Open a session that migrates and does not end, as an older release did it."""
    holder = psycopg.connect(url, autocommit=True, application_name="an-older-release")
    holder.execute("select pg_advisory_lock(%s)", (schema._LOCK,))
    return holder


def test_the_wait_for_another_migration_is_bounded_and_names_its_process(
    empty_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    with hold_lock(empty_database) as holder:
        with pytest.raises(SchemaConflict, match="an-older-release") as refused:
            migrate(empty_database, [ONE], patience_seconds=0.2)
        assert f"process {holder.info.backend_pid} " in str(refused.value)
        assert "waiting up to 0.2 s" in caplog.text
    assert migrate(empty_database, [ONE]) == (ONE,)


def test_a_migration_that_has_waited_behind_a_pooler_leaves_no_lock(
    tcp_server: TcpServer, transaction_pooler: PgBouncer
) -> None:
    tcp_server.execute("create database queued template template0", f"alter database queued owner to {ROLE}")
    locks = "select granted from pg_locks where locktype = 'advisory'"
    with hold_lock(tcp_server.url("queued")) as holder, ThreadPoolExecutor(1) as threads:
        migrated = threads.submit(migrate, transaction_pooler.to("/queued"), [ONE])
        eventually(lambda: (False,) in tcp_server.execute(locks))
        holder.execute("select pg_advisory_unlock_all()")
        assert migrated.result(30) == (ONE,)
    assert tcp_server.execute(locks) == []


def test_the_wait_for_a_table_that_is_in_use_is_bounded(empty_database: str) -> None:
    change = Migration(number=2, name="change", oldest_code=1, sql=b"alter table one add column m int;")
    migrate(empty_database, [ONE])
    with psycopg.connect(empty_database) as user:
        user.execute("select * from one")
        with pytest.raises(SchemaConflict, match=r"migration 2 waited 0\.2 s"):
            migrate(empty_database, [ONE, change], patience_seconds=0.2)
    assert migrate(empty_database, [ONE, change]) == (change,)


def test_a_process_that_has_waited_sees_the_migrations_applied_meanwhile(tcp_server: TcpServer) -> None:
    """The role's transactions are serializable by default, and would look at the database as it was before."""
    tcp_server.execute("create database waited template template0", f"alter database waited owner to {ROLE}")
    url = tcp_server.url("waited", ROLE)
    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(lambda _: migrate(url, [ONE, TWO]), range(4)))
    assert sorted(migration.number for each in applied for migration in each) == [1, 2]


def test_it_migrates_through_a_pooler_and_leaves_no_lock_there(
    tcp_server: TcpServer, transaction_pooler: PgBouncer
) -> None:
    tcp_server.execute("create database fresh template template0", f"alter database fresh owner to {ROLE}")
    url = transaction_pooler.to("/fresh")
    assert migrate(url) == MIGRATIONS
    assert migrate(url) == ()
    assert tcp_server.execute("select 1 from pg_locks where locktype = 'advisory'") == []
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as another:
        row = another.execute("select current_setting('lock_timeout'), current_setting('statement_timeout')").fetchone()
    assert row == ("0", "0")


@pytest.fixture
def poor(tcp_server: TcpServer) -> Iterator[str]:
    """Create a role that may connect and nothing more."""
    tcp_server.execute(f"create role poor login password '{PASSWORD}'")
    yield "poor"
    for (name,) in tcp_server.execute("select datname from pg_database where datallowconn"):
        tcp_server.execute("drop owned by poor", database=name)
    tcp_server.execute("drop role poor")


def test_a_role_that_may_not_create_tables_is_reported_with_the_privilege_to_grant(
    tcp_server: TcpServer, poor: str
) -> None:
    tcp_server.execute("create database bare template template0")
    url = tcp_server.url("bare", poor)
    with pytest.raises(SchemaConflict) as refused:
        migrate(url)
    grant = str(refused.value).rpartition(": ")[2]
    assert grant == "grant usage, create on schema public to poor"
    tcp_server.execute(grant, database="bare")
    assert migrate(url) == MIGRATIONS


def test_a_role_without_a_schema_is_reported_with_the_privilege_to_grant(tcp_server: TcpServer, poor: str) -> None:
    tcp_server.execute("create database hidden template template0")
    tcp_server.execute("revoke all on schema public from public", database="hidden")
    with pytest.raises(SchemaConflict, match="grant usage, create on schema public to poor"):
        migrate(tcp_server.url("hidden", poor))


def test_tables_of_another_role_are_named_as_such(tcp_server: TcpServer, poor: str) -> None:
    tcp_server.execute("create database foreign_tables template template0")
    migrate(tcp_server.url("foreign_tables"), MIGRATIONS[:2])
    granted = ("grant all on all tables in schema public to poor", "grant all on schema public to poor")
    tcp_server.execute(*granted, database="foreign_tables")
    with pytest.raises(SchemaConflict, match="belong to the role admin: migrate as that role, or grant admin to poor"):
        migrate(tcp_server.url("foreign_tables", poor))


async def test_a_privilege_that_is_missing_is_named_with_its_grant(tcp_server: TcpServer, poor: str) -> None:
    """A role that only uses the tables of another needs no more than the grant that is named, and may run `migrate`."""
    name = database_of(copy_template(tcp_server.url()))
    url = tcp_server.url(name, poor)
    said = await trouble(url, MIGRATIONS)
    assert "the role poor lacks INSERT on the table api_keys" in said
    grant = said.rpartition(": ")[2]
    tcp_server.execute(grant, database=name)
    assert await trouble(url, MIGRATIONS) == ""
    assert migrate(url) == ()
    tcp_server.execute("revoke delete on executions from poor", database=name)
    assert "lacks DELETE on the table executions" in await trouble(url, MIGRATIONS)


def test_a_read_only_database_is_reported(tcp_server: TcpServer) -> None:
    tcp_server.execute(
        "create database still template template0", "alter database still set default_transaction_read_only = on"
    )
    with pytest.raises(SchemaConflict, match="the database is read-only"):
        migrate(tcp_server.url("still"))


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
async def test_a_database_that_cannot_hold_every_text_is_refused(tcp_server: TcpServer, encoding: str) -> None:
    name = encoding.lower()
    tcp_server.execute(f"create database {name} encoding '{encoding}' locale 'C' template template0")
    with pytest.raises(SchemaConflict, match=f"encoding is {encoding}.*encoding 'UTF8' template template0"):
        migrate(tcp_server.url(name))
    assert encoding in await trouble(tcp_server.url(name), MIGRATIONS)
