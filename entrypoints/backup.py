"""Write a backup of the database into a file: `python -m entrypoints.backup FILE`. Exit status 0 once it is there.

The service may be at work meanwhile. A backup is the archive of one transaction's view; before it gets its name it is
restored into a scratch server and compared with what that transaction saw. The configuration, and with it every key
and password that a file or a variable holds, is in no backup.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from typing import Final

import psycopg

from adapters.postgres.archives import ArchiveFailed, load_archive, write_archive
from adapters.postgres.contents import Contents, read_contents
from entrypoints.archiving import Refused, run_command, summary, tools_for
from entrypoints.command_line import EITHER, CommandLine
from entrypoints.embedded_postgres import embedded_postgres, existing_postgres
from entrypoints.settings import Settings

_SCRATCH: Final = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)
"""A server that holds the only copy of nothing."""


def back_up(file: Path, settings: Settings, env: Mapping[str, str]) -> str:
    """Write and verify it; what was written."""
    _refuse_existing(file)
    with _unfinished(file) as unfinished, _database(settings, env) as url:
        with psycopg.connect(url) as conn:
            tools = tools_for(conn, env)
        contents = write_archive(url, tools, unfinished)
        if "schema_migrations" not in contents:
            raise Refused("the database holds nothing of Bateia's")
        _verify(unfinished, contents, tools, env)
        _publish(unfinished, file)
    held = summary({table: content.rows for table, content in contents.items()})
    return f"wrote {file} ({file.stat().st_size} bytes: {held}), restored it into a scratch server and found all of it"


@contextmanager
def _database(settings: Settings, env: Mapping[str, str]) -> Iterator[str]:
    if settings.database_url:
        yield settings.direct_url
        return
    with existing_postgres(settings.data_dir, env) as url:
        yield url


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A file beside the one to be, readable by its owner alone; gone afterwards if it was not made the real one."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _verify(archive: Path, contents: Contents, tools: Path, env: Mapping[str, str]) -> None:
    """Restore it into a server that was made for that, in the folder for temporary files."""
    with TemporaryDirectory(prefix="bateia-verify-") as folder:
        Path(folder).chmod(0o711)  # as root, PostgreSQL runs as somebody who must pass through
        with embedded_postgres(Path(folder) / "data", _SCRATCH, {**env, "PG_BIN": str(tools)}) as scratch:
            load_archive(archive, scratch, tools)
            with psycopg.connect(scratch) as conn:
                restored = read_contents(conn)
    differing = sorted(table for table in contents.keys() | restored if contents.get(table) != restored.get(table))
    if differing:
        raise ArchiveFailed(f"what was written differs from the database in {', '.join(differing)}; it is not kept")


def _publish(unfinished: Path, file: Path) -> None:
    """Give the file its name when its bytes are on the disk."""
    for path in (unfinished, file.parent):
        if path == file.parent:
            _refuse_existing(file)
            unfinished.rename(file)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise Refused(f"{file} is there already, and is not overwritten")


def main() -> int:
    """Back up as the environment says; the exit status."""
    parser = CommandLine(
        "python -m entrypoints.backup",
        description="Writes a verified backup of the database into a file. The service may be at work meanwhile.\n"
        "PG_BIN names a folder with PostgreSQL's programs, if they are not found.",
        settings=EITHER,
    )
    parser.add_argument("file", type=Path, help="where to; it must not be there yet")
    return run_command("backup", partial(back_up, parser.parse_args().file))


if __name__ == "__main__":
    sys.exit(main())
