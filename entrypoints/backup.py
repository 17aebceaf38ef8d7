"""Back up the database into a file: `python -m entrypoints.backup FILE`. Exit status 0 on success.

The service may be running. A backup is the archive of one transaction's snapshot; before it gets its final name it is
restored into a scratch server and compared with that snapshot. The configuration, with every key and password in files
or variables, is never part of a backup.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from typing import Final

import psycopg

from adapters.postgres.archives import ArchiveFailed, load_archive, write_archive
from adapters.postgres.status import database_time, record_backup
from adapters.postgres.table_checksums import Contents, read_contents
from entrypoints.backup_common import CommandRefused, run_command, summary, tools_for
from entrypoints.configuration.command_line import EITHER, CommandLine
from entrypoints.configuration.settings import Settings
from entrypoints.embedded_postgres.chosen_database import chosen_database
from entrypoints.embedded_postgres.embedded import embedded_postgres

_SCRATCH: Final = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)
"""Settings of a throw-away server: no durability is needed."""


def back_up(file: Path, settings: Settings, env: Mapping[str, str]) -> str:
    """Write and verify a backup; return a summary."""
    _refuse_existing(file)
    with _unfinished(file) as unfinished, chosen_database(settings, env) as database:
        with psycopg.connect(database.url) as conn:
            tools, taken_at = tools_for(conn, env), database_time(conn)
        contents = write_archive(database.url, tools, unfinished)
        if "schema_migrations" not in contents:
            raise CommandRefused("the database is not a Bateia database")
        _verify(unfinished, contents, tools, env)
        _publish(unfinished, file)
        _record(database.url, taken_at, file)
    held = summary({table: content.rows for table, content in contents.items()})
    return f"wrote {file} ({file.stat().st_size} bytes: {held}) and verified it by restoring it into a scratch server"


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """Create a temporary file beside the target, readable only by its owner; it is deleted unless it is published."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _verify(archive: Path, contents: Contents, tools: Path, env: Mapping[str, str]) -> None:
    """Restore the archive into a scratch server in the temporary folder, and compare."""
    with (
        TemporaryDirectory(prefix="bateia-verify-") as folder,
        embedded_postgres(Path(folder) / "data", _SCRATCH, {**env, "PG_BIN": str(tools)}) as scratch,
    ):
        load_archive(archive, scratch, tools)
        with psycopg.connect(scratch) as conn:
            restored = read_contents(conn)
    differing = sorted(table for table in contents.keys() | restored if contents.get(table) != restored.get(table))
    if differing:
        raise ArchiveFailed(f"the backup differs from the database in {', '.join(differing)}; it was discarded")


def _publish(unfinished: Path, file: Path) -> None:
    """Rename the file to its final name when its bytes are on the disk."""
    for path in (unfinished, file.parent):
        if path == file.parent:
            _refuse_existing(file)
            unfinished.rename(file)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _record(url: str, taken_at: datetime, file: Path) -> None:
    """Record the backup for the service's status. Without the record it is a backup all the same."""
    try:
        record_backup(url, taken_at, file.stat().st_size)
    except psycopg.Error as error:
        why = (str(error).strip() or type(error).__name__).splitlines()[0]
        print(
            f"backup: the status of the service will not show this backup, since it cannot be recorded: {why}",
            file=sys.stderr,
        )


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise CommandRefused(f"{file} already exists and is not overwritten")


def main() -> int:
    """Back up the configured database; return the exit status."""
    parser = CommandLine(
        "python -m entrypoints.backup",
        description="Back up the database into a file and verify the backup. The service may be running.\n"
        "Set PG_BIN to the folder of PostgreSQL's programs if they are not found.",
        settings=EITHER,
    )
    parser.add_argument("file", type=Path, help="file to write; it must not exist yet")
    return run_command("backup", partial(back_up, parser.parse_args().file))


if __name__ == "__main__":
    sys.exit(main())
