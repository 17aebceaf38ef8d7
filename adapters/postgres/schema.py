"""Numbered, forward-only migrations, and whether this code and a database's schema fit together.

Each migration is one transaction, recorded with its checksum and with the oldest code that still runs on it: a
code's level is the number of its newest migration. There is no way back down: a backup is.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psycopg
from attrs import field, frozen
from psycopg.rows import tuple_row

from adapters.postgres.connections import Connection

_LOCK: Final = 0x42415445  # any number of our own; the same for every migrating process
_RECORD: Final = b"""
create table if not exists schema_migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    oldest_code integer not null,
    applied_at timestamptz not null default clock_timestamp()
)
"""


@frozen
class Migration:
    """One step of the schema. `oldest_code` is the lowest code level that works after it."""

    number: int
    name: str
    oldest_code: int
    sql: bytes = field(repr=False)

    @property
    def checksum(self) -> str:
        """SHA-256 of the SQL."""
        return hashlib.sha256(self.sql).hexdigest()


class SchemaConflict(Exception):
    """The database's schema and this code do not fit; the text says which of them is too old."""


def read_migrations(folder: Path) -> tuple[Migration, ...]:
    """The migrations in a folder of `NNNN_name.sql` files, each with `-- oldest code: N` as its first line."""
    return tuple(_read(path) for path in sorted(folder.glob("*.sql")))


def _read(path: Path) -> Migration:
    number, _, name = path.stem.partition("_")
    sql = path.read_bytes()
    oldest_code = re.match(rb"-- oldest code: (\d+)\n", sql)
    assert oldest_code is not None, f"{path.name} does not say its oldest code"
    return Migration(number=int(number), name=name, oldest_code=int(oldest_code[1]), sql=sql)


MIGRATIONS: Final = read_migrations(Path(__file__).parent / "migrations")


def migrate(url: str, migrations: Sequence[Migration] = MIGRATIONS) -> tuple[Migration, ...]:
    """Apply what is missing, one process at a time, and return it. Raises `SchemaConflict`."""
    with psycopg.connect(url, autocommit=True, row_factory=tuple_row, application_name="bateia migrate") as conn:
        conn.execute("select pg_advisory_lock(%s)", (_LOCK,))  # released with the connection
        conn.execute(_RECORD)
        rows = conn.execute("select number, checksum from schema_migrations").fetchall()
        applied: dict[int, str] = dict(rows)
        _check_history(applied, migrations)
        missing = tuple(one for one in migrations if one.number not in applied)
        for migration in missing:
            _apply(conn, migration)
        return missing


def _check_history(applied: dict[int, str], migrations: Sequence[Migration]) -> None:
    for migration in migrations:
        if applied.get(migration.number, migration.checksum) != migration.checksum:
            raise SchemaConflict(f"migration {migration.number} was applied in another form than this code has it")


def _apply(conn: psycopg.Connection[tuple[object, ...]], migration: Migration) -> None:
    with conn.transaction():
        conn.execute(migration.sql)
        conn.execute(
            "insert into schema_migrations (number, name, checksum, oldest_code) values (%s, %s, %s, %s)",
            (migration.number, migration.name, migration.checksum, migration.oldest_code),
        )


async def schema_trouble(conn: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> str:
    """Why this code must not run on the database's schema; empty if it may."""
    known = await (await conn.execute("select to_regclass('schema_migrations') is not null as known")).fetchone()
    if known is None or not known["known"]:
        return "the database has no schema yet: run the migrations"
    levels = "select coalesce(max(number), 0) as level, coalesce(max(oldest_code), 0) as needs from schema_migrations"
    row = await (await conn.execute(levels)).fetchone()
    assert row is not None, "an aggregate gives a row"
    code = migrations[-1].number
    if row["level"] < code:
        return f"the schema is at level {row['level']} and this code needs {code}: run the migrations"
    if row["needs"] > code:
        return f"the schema needs code of level {row['needs']} and this code is {code}: upgrade it"
    return ""
