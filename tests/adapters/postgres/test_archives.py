"""Archives hold all that a transaction sees, and are loaded whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from adapters.postgres.archives import ArchiveFailed, is_archive_of_ours, load_archive, write_archive
from adapters.postgres.table_checksums import Contents, read_contents
from entrypoints.embedded_postgres.binaries import find_binaries
from tests.support.bulk_rows import fill

REFUSE_INDEXES = """
create function kept.refuse() returns event_trigger language plpgsql as $$ begin raise 'no room'; end $$;
create event trigger refuse on ddl_command_end when tag in ('CREATE INDEX') execute function kept.refuse();
"""
TESTS = """
insert into script_tests (
    id, script_id, name, created_at, circumstances, input_bytes, input_sha256, encoding, body, expected
)
select gen_random_uuid(), id, 'a-test', now(), '{}', 3, sha256('x'), 'identity', '[1]', '2' from scripts
"""
DELIVERY = (
    """
    insert into batches (id, script_id, version, lines, submitted_at)
    select gen_random_uuid(), id, 1, 5, now() from scripts
    """,
    """
    insert into webhooks (id, url, events, created_at, secret)
    select gen_random_uuid(), 'https://example.com/' || name, '{batch.finished}', now(), 'a secret' from scripts
    """,
    """
    insert into webhook_interests select 'batch.finished', '00000000-0000-0000-0000-000000000000', id from webhooks
    """,
    """
    insert into webhook_deliveries (webhook_id, event, facts)
    select id, 'batch.finished', '{"batch": "one"}' from webhooks cross join generate_series(1, 5)
    """,
)
JOBS = (
    """
    insert into jobs (
        id, script_id, version, run_limits, clock, seed, request, submitted_at, started_at, plan, more_objects, status
    )
    select gen_random_uuid(), id, 1, '{}', now(), '0a', '{"name": "\\u0000"}', now(), now(), '{}', '[]', 'running'
    from scripts
    """,
    """
    insert into job_partitions (job_id, number, object_number, unit, range_start, range_end, state, result)
    select id, n, 0, 'bytes', n, n + 1, 'done', '{"rows": 1}' from jobs cross join generate_series(1, 5) n
    """,
)
TOOLS = find_binaries(os.environ)


def contents_of(url: str) -> Contents:
    with psycopg.connect(url) as conn:
        return read_contents(conn)


@pytest.fixture
def filled(new_database: Callable[[], str]) -> str:
    url = new_database()
    fill(url, scripts=3, finished=500, pending=[(1, 3, 100)])
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(TESTS)
        conn.execute("insert into test_results select id, 1, true, now() from script_tests")
        for statement in (*DELIVERY, *JOBS):
            conn.execute(statement.encode())
    return url


def test_an_archive_replaces_the_content_of_the_database(
    filled: str, new_database: Callable[[], str], tmp_path: Path
) -> None:
    other, archive = new_database(), tmp_path / "archive"
    fill(other, scripts=1, finished=7, pending=[])
    with psycopg.connect(other, autocommit=True) as conn:  # as a newer schema would have left it
        conn.execute("create view newer as select * from scripts")
        conn.execute("create table newer_still (script_id uuid references scripts, n serial)")
        conn.execute("create function newest() returns int return 1")
    written = write_archive(filled, TOOLS, archive)
    assert written == contents_of(filled)
    assert is_archive_of_ours(archive, TOOLS)
    load_archive(archive, other, TOOLS)
    assert contents_of(other) == written


def test_one_changed_byte_of_one_body_is_a_difference(filled: str) -> None:
    before = contents_of(filled)
    with psycopg.connect(filled, autocommit=True) as conn:
        conn.execute(
            "update execution_results set body = '[2]' where execution_id ="
            " (select execution_id from execution_results limit 1)"
        )
    after = contents_of(filled)
    assert [table for table in before if before[table] != after[table]] == ["execution_results"]


@pytest.mark.parametrize("kept", [0, 3, 100, 0.5, 0.9, 0.999])
def test_a_cut_archive_changes_nothing(
    filled: str, new_database: Callable[[], str], tmp_path: Path, kept: float
) -> None:
    archive, other = tmp_path / "archive", new_database()
    fill(other, scripts=2, finished=3, pending=[])
    before = contents_of(other)
    write_archive(filled, TOOLS, archive)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: kept if isinstance(kept, int) else int(kept * len(whole))])
    with pytest.raises(ArchiveFailed):
        load_archive(archive, other, TOOLS)
    assert contents_of(other) == before


def test_a_refused_archive_changes_nothing_either(filled: str, new_database: Callable[[], str], tmp_path: Path) -> None:
    archive, other = tmp_path / "archive", new_database()
    write_archive(filled, TOOLS, archive)
    before = contents_of(other)
    with psycopg.connect(other, autocommit=True) as conn:
        conn.execute("create schema kept")
        conn.execute(REFUSE_INDEXES)
    with pytest.raises(ArchiveFailed, match="psql failed"):
        load_archive(archive, other, TOOLS)
    assert contents_of(other) == before


def test_an_archive_without_the_record_of_migrations_is_not_ours(
    postgres_server: str, new_database: Callable[[], str], tmp_path: Path
) -> None:
    url, archive = new_database(), tmp_path / "archive"
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("drop table schema_migrations")
    write_archive(url, TOOLS, archive)
    assert not is_archive_of_ours(archive, TOOLS)


PRINTS_ITS_ENVIRONMENT = """#!/bin/sh
env >> {said}
exec {program} "$@"
"""


def test_the_programs_get_the_operator_s_variables_and_none_of_the_service_s_secrets(
    filled: str, new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, tools, archive = tmp_path / "said", tmp_path / "tools", tmp_path / "archive"
    tools.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        (tools / name).write_text(PRINTS_ITS_ENVIRONMENT.format(said=said, program=TOOLS / name))
        (tools / name).chmod(0o755)
    for name in ("BATEIA_MASTER_KEYS", "DATABASE_URL", "DATABASE_URL_FILE"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("PGSSLMODE", "prefer")
    write_archive(filled, tools, archive)
    assert is_archive_of_ours(archive, tools)
    load_archive(archive, new_database(), tools)
    lines = said.read_text().splitlines()
    assert lines.count("PGSSLMODE=prefer") == 4  # one each, but pg_restore, which lists and reads
    assert "canary" not in said.read_text()
