"""Refusals of backup and restore; an incomplete backup is deleted.

(`tests/system` loses a whole service and brings it back.)
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from adapters.postgres.archives import ArchiveFailed
from adapters.postgres.table_checksums import read_contents
from entrypoints.backup import back_up
from entrypoints.backup_common import CommandRefused
from entrypoints.configuration.settings import Settings, read_settings
from entrypoints.embedded_postgres.binaries import PostgresUnusable, find_binaries, find_tools, major_version
from entrypoints.restore import restore
from tests.support.bulk_rows import fill

TOOLS = find_binaries(os.environ)
LOSES_RESULTS = '#!/bin/sh\nexec "{0}" --exclude-table-data=execution_results "$@"\n'


RULES = """
select conrelid::regclass::text, conname, pg_get_constraintdef(c.oid), prosrc
from pg_constraint c
left join pg_depend d
    on d.objid = c.oid and d.classid = 'pg_constraint'::regclass and d.refclassid = 'pg_proc'::regclass
left join pg_proc p on p.oid = d.refobjid
where c.connamespace = 'public'::regnamespace
order by 1, 2
"""


@pytest.fixture
def filled(new_database: Callable[[], str]) -> Settings:
    url = new_database()
    fill(url, scripts=2, finished=20, pending=[(1, 2, 5)])
    return of(url)


def of(url: str) -> Settings:
    return read_settings({"DATABASE_URL": url}).unwrap()


def tools_with(folder: Path, pg_dump: str) -> dict[str, str]:
    """Build an environment whose PostgreSQL is the real one but for `pg_dump`, which is that script."""
    folder.mkdir()
    for program in TOOLS.iterdir():
        (folder / program.name).symlink_to(program)
    (folder / "pg_dump").unlink()
    (folder / "pg_dump").write_text(pg_dump.format(TOOLS / "pg_dump"))
    (folder / "pg_dump").chmod(0o755)
    return {**os.environ, "PG_BIN": str(folder)}


def test_a_backup_goes_into_an_empty_database_or_with_consent_into_another(
    filled: Settings, new_database: Callable[[], str], tmp_path: Path
) -> None:
    file, other = tmp_path / "new" / "of.backup", new_database()
    assert "25 executions" in back_up(file, filled, os.environ)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["of.backup"]
    with pytest.raises(CommandRefused, match="not overwritten"):
        back_up(file, filled, os.environ)
    with pytest.raises(CommandRefused, match="--replace"):
        restore(file, replace=False, settings=of(other), env=os.environ)
    assert "25 executions" in restore(file, replace=True, settings=of(other), env=os.environ)
    with psycopg.connect(filled.database_url) as one, psycopg.connect(other) as another:
        before, after = {**read_contents(one)}, {**read_contents(another)}
        assert (before.pop("backups").rows, after.pop("backups").rows) == (1, 0)  # it is recorded when it is complete
        assert before == after
        assert one.execute(RULES).fetchall() == another.execute(RULES).fetchall()


def test_a_backup_that_cannot_be_recorded_is_one_all_the_same(
    filled: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(filled.database_url, autocommit=True) as conn:
        conn.execute("drop table backups")
    assert "verified it" in back_up(tmp_path / "of.backup", filled, os.environ)
    assert "cannot be recorded" in capsys.readouterr().err


def test_an_incomplete_backup_is_deleted(filled: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    with pytest.raises(ArchiveFailed, match=r"differs from the database in execution_results; it was discarded"):
        back_up(folder / "of.backup", filled, tools_with(tmp_path / "tools", LOSES_RESULTS))
    with pytest.raises(ArchiveFailed, match="pg_dump failed: no room"):
        back_up(folder / "of.backup", filled, tools_with(tmp_path / "more", "#!/bin/sh\necho no room >&2; exit 1\n"))
    assert list(folder.iterdir()) == []


def test_a_database_that_is_not_ours_is_neither_backed_up_nor_replaced(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    foreign = new_database()
    with psycopg.connect(foreign, autocommit=True) as conn:
        conn.execute("drop table schema_migrations")
    with pytest.raises(CommandRefused, match="not a Bateia database"):
        back_up(tmp_path / "of.backup", of(foreign), os.environ)
    (tmp_path / "any.backup").touch()
    with pytest.raises(CommandRefused, match="nothing was changed"):
        restore(tmp_path / "any.backup", replace=True, settings=of(foreign), env=os.environ)


def test_nothing_is_restored_under_a_service_at_work(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "of.backup").touch()
    with (
        psycopg.connect(filled.database_url, application_name="bateia worker"),
        pytest.raises(CommandRefused, match=r"using this database \(bateia worker\)"),
    ):
        restore(tmp_path / "of.backup", replace=True, settings=filled, env=os.environ)


def test_a_file_that_is_no_archive_is_refused(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "of.backup").write_bytes(b"PK" * 1000)
    with pytest.raises(ArchiveFailed, match="pg_restore failed"):
        restore(tmp_path / "of.backup", replace=True, settings=filled, env=os.environ)


def test_the_tools_are_those_of_the_server_s_version_or_a_newer_one() -> None:
    newest = major_version(TOOLS)
    assert find_tools(os.environ, newest) == TOOLS
    assert newest > major_version(find_tools(os.environ, newest - 2)) >= newest - 2
    with pytest.raises(PostgresUnusable, match="set PG_BIN"):
        find_tools(os.environ, newest + 1)
    with pytest.raises(PostgresUnusable, match=r"PG_BIN \(.*\) has only those of"):
        find_tools({"PG_BIN": str(TOOLS)}, newest + 1)
