"""Migrations: each once, one process at a time, never edited, and only where code and schema fit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from attrs import evolve
from psycopg.rows import dict_row

from adapters.postgres.connections import Connection
from adapters.postgres.schema import MIGRATIONS, Migration, SchemaConflict, migrate, read_migrations, schema_trouble
from tests.values import an_id

ONE = Migration(number=1, name="one", oldest_code=1, sql=b"create table one (n int);")
TWO = Migration(number=2, name="two", oldest_code=1, sql=b"create table two (n int);")
THREE = Migration(number=3, name="three", oldest_code=3, sql=b"drop table one;")


async def trouble(url: str, migrations: tuple[Migration, ...]) -> str:
    async with await Connection.connect(url, row_factory=dict_row) as conn:
        return await schema_trouble(conn, migrations)


def test_what_is_missing_is_applied_once_and_in_order(empty_database: str) -> None:
    assert migrate(empty_database, [ONE]) == (ONE,)
    assert migrate(empty_database, [ONE, TWO, THREE]) == (TWO, THREE)
    assert migrate(empty_database, [ONE, TWO, THREE]) == ()


def test_processes_at_once_apply_it_once(empty_database: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(lambda _: migrate(empty_database, [ONE, TWO]), range(4)))
    assert sorted(applied, key=len) == [(), (), (), (ONE, TWO)]


def test_a_failing_migration_leaves_nothing_of_itself(empty_database: str) -> None:
    broken = evolve(TWO, sql=b"create table two (n int); select 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty_database, [ONE, broken])
    assert migrate(empty_database, [ONE, TWO]) == (TWO,)


def test_an_edited_migration_is_a_conflict(empty_database: str) -> None:
    migrate(empty_database, [ONE])
    with pytest.raises(SchemaConflict, match="migration 1 "):
        migrate(empty_database, [evolve(ONE, sql=b"create table other (n int);")])


async def test_code_and_schema_fit_or_say_which_is_too_old(empty_database: str) -> None:
    assert "no schema yet" in await trouble(empty_database, (ONE,))
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


def test_a_migration_must_say_its_oldest_code(tmp_path: Path) -> None:
    (tmp_path / "0001_silent.sql").write_text("select 1;\n")
    with pytest.raises(AssertionError, match="0001_silent"):
        read_migrations(tmp_path)
