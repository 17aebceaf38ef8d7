"""Archives of a database's content: written and read by PostgreSQL's own `pg_dump`, `pg_restore` and `psql`.

An archive is consistent, for it is one transaction's view, and it is loaded whole or not at all. Passwords are passed
to the programs in their environment, never on a command line; no other secret of the service is in it. The caller has
to know where the programs are.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from adapters.postgres.queries import query
from adapters.postgres.table_checksums import Contents, read_contents

_OURS: Final = ("--schema=public", "--no-owner", "--no-privileges")
"""Passed twice: to the reading program it means the schema's content, without the schema, which every database has."""
_COMPRESSION: Final = "--compress=1"
"""Little: most of the bytes are datasets and results, which are compressed already."""
_MOST_WORDS: Final = 500
_SECRETS: Final = ("BATEIA_", "DATABASE_URL")
"""The beginnings of the names of the service's own variables, which hold keys and passwords."""


class ArchiveFailed(Exception):
    """An archive could not be written or read. The message is one line for the operator."""


def write_archive(url: str, binaries: Path, file: Path) -> Contents:
    """Write an archive into `file`, and return its tables' checksums. The database may be in use meanwhile."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("set idle_in_transaction_session_timeout = 0")
        conn.execute("begin isolation level repeatable read read only")
        row = conn.execute("select pg_export_snapshot()").fetchone()
        assert row is not None
        contents = read_contents(conn)
        words, env = _connecting(url)
        snapshot = f"--snapshot={row[0]}"
        _run(
            [
                str(binaries / "pg_dump"),
                "--format=custom",
                _COMPRESSION,
                *_OURS,
                snapshot,
                f"--file={file}",
                *words,
            ],
            env,
        )
    return contents


def is_archive_of_ours(file: Path, binaries: Path) -> bool:
    """Tell whether the archive holds the record of migrations, which every database of this service has."""
    listed = _run([str(binaries / "pg_restore"), "--list", str(file)], _environment())
    return b" TABLE public schema_migrations " in listed


def load_archive(file: Path, url: str, binaries: Path) -> None:
    """Replace the content of the database with that of an archive, in one transaction."""
    words, env = _connecting(url)
    quiet = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "--output=/dev/null")
    reading = [str(binaries / "pg_restore"), *_OURS, "--file=-", str(file)]
    writing = [str(binaries / "psql"), *quiet, *words]
    with (
        TemporaryFile() as reader_said,
        TemporaryFile() as writer_said,
        subprocess.Popen(reading, env=_environment(), stdout=subprocess.PIPE, stderr=reader_said) as reader,  # noqa: S603 - the words are ours
        subprocess.Popen(writing, env=env, stdin=subprocess.PIPE, stderr=writer_said) as writer,  # noqa: S603 - as above
    ):
        with suppress(BrokenPipeError):  # then psql has failed, and reports the reason
            _feed(writer, reader)
        writer.wait()
        reader.wait()
        # A program killed because the other one failed comes second: it has no cause to report.
        ends = [("pg_restore", reader.returncode, reader_said), ("psql", writer.returncode, writer_said)]
        for program, status, said in sorted(ends, key=lambda end: end[1] < 0):
            said.seek(0)
            _check(program, status, said.read())


def _feed(writer: "subprocess.Popen[bytes]", reader: "subprocess.Popen[bytes]") -> None:
    """Begin, clear, load; and commit only an archive that was read to its end."""
    assert reader.stdout is not None, "it was asked for"
    assert writer.stdin is not None, "it was asked for"
    with writer.stdin as script, reader.stdout as archive:
        script.write(b"begin;\n" + query("clear") + b"\n")
        shutil.copyfileobj(archive, script)
        if reader.wait() == 0:
            script.write(b"\ncommit;\n")


def _connecting(url: str) -> tuple[Sequence[str], Mapping[str, str]]:
    """Build the arguments and the environment with which a program connects."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    env = {**_environment(), "PGAPPNAME": "bateia archive"} | ({"PGPASSWORD": str(password)} if password else {})
    return (f"--dbname={make_conninfo('', **parts)}",), env


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}


def _run(command: Sequence[str], env: Mapping[str, str]) -> bytes:
    done = subprocess.run(command, env=env, capture_output=True, check=False)  # noqa: S603 - the words are ours
    _check(Path(command[0]).name, done.returncode, done.stderr)
    return done.stdout


def _check(program: str, status: int, said: bytes) -> None:
    if status != 0:
        words = " ".join(said.decode(errors="replace").split())[:_MOST_WORDS]
        raise ArchiveFailed(f"{program} failed: {words or status}")
