"""Numbered, forward-only migrations, and whether this code and a database's schema fit together.

Each migration is one transaction, recorded with its checksum and with the oldest code that still runs on it: a
code's level is the number of its newest migration. There is no way back down: a backup is.
"""

import hashlib
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

import psycopg
from attrs import field, frozen
from psycopg.rows import DictRow

from adapters.postgres.connections import Connection, connection_parameters
from adapters.postgres.queries import query
from adapters.postgres.server import privilege_trouble, server_trouble

log: Final = logging.getLogger(__name__)

_Conn: TypeAlias = psycopg.Connection[DictRow]

_LOCK: Final = 0x42415445  # any number of our own; the same for every migrating process
_REFUSALS: Final = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.ReadOnlySqlTransaction,
)
PATIENCE_SECONDS: Final = 60
"""The longest wait for a lock: for another process that migrates, or for a transaction that uses a table."""
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


READ_ONLY: Final = (
    "the database is read-only: it is a standby, or default_transaction_read_only is on for the role, the database "
    "or the server (alter role ROLE reset default_transaction_read_only)"
)


class SchemaConflict(Exception):
    """The database's schema and this code do not fit; the message names the one that is too old."""


def read_migrations(folder: Path) -> tuple[Migration, ...]:
    """Read the migrations in a folder of `NNNN_name.sql` files, each with `-- oldest code: N` as its first line."""
    return tuple(_read(path) for path in sorted(folder.glob("*.sql")))


def _read(path: Path) -> Migration:
    number, _, name = path.stem.partition("_")
    sql = path.read_bytes()
    oldest_code = re.match(rb"-- oldest code: (\d+)\n", sql)
    assert oldest_code is not None, f"{path.name} does not say its oldest code"
    return Migration(number=int(number), name=name, oldest_code=int(oldest_code[1]), sql=sql)


MIGRATIONS: Final = read_migrations(Path(__file__).parent / "migrations")


def migrate(
    url: str, migrations: Sequence[Migration] = MIGRATIONS, patience_seconds: float = PATIENCE_SECONDS
) -> tuple[Migration, ...]:
    """Apply the missing migrations, one process at a time, and return them. Raises `SchemaConflict`.

    Each step is a transaction that takes the lock and determines the next migration, so no session state remains that a
    pooler would hand to another client.
    """
    applied: list[Migration] = []
    with psycopg.connect(url, **connection_parameters(url, "bateia migrate"), prepare_threshold=None) as conn:
        if trouble := server_trouble(conn):
            raise SchemaConflict(trouble)
        conn.isolation_level = psycopg.IsolationLevel.READ_COMMITTED  # to see the changes made while it waited
        try:
            while (done := _apply_next(conn, migrations, patience_seconds)) is not None:
                applied.append(done)
        except _REFUSALS as error:
            raise SchemaConflict(_refusal(conn, error)) from error
    return tuple(applied)


def _apply_next(conn: _Conn, migrations: Sequence[Migration], patience_seconds: float) -> Migration | None:
    """Apply the first migration that is missing; None if none is."""
    with conn.transaction():
        conn.execute(query("migration_settings"), {"lock_timeout": f"{round(patience_seconds * 1000)}ms"})
        _take_lock(conn, patience_seconds)
        applied = _applied(conn)
        _check_history(applied, migrations)
        missing = next((one for one in migrations if one.number not in applied), None)
        if missing is not None:
            _apply(conn, missing, patience_seconds)
    return missing


def _take_lock(conn: _Conn, patience_seconds: float) -> None:
    """Wait until no other process migrates. The lock goes with the transaction."""
    taken = conn.execute("select pg_try_advisory_xact_lock(%s) as taken", (_LOCK,)).fetchone()
    if taken is not None and taken["taken"]:
        return
    holder = _holder(conn)
    log.warning("waiting up to %g s for the migration lock, held by %s", patience_seconds, holder)
    try:
        conn.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
    except psycopg.errors.LockNotAvailable:
        raise SchemaConflict(
            f"{holder} has held the migration lock for more than {patience_seconds:g} s: wait for it, or end it "
            "with pg_terminate_backend"
        ) from None


def _holder(conn: _Conn) -> str:
    row = conn.execute(query("lock_holder"), {"lock": _LOCK}).fetchone()
    if row is None:
        return "another process"
    return "process {pid} ({application_name}, role {usename}, {state}, connected since {since})".format_map(row)


def _applied(conn: _Conn) -> dict[int, str]:
    """Read the checksums of the migrations that the database has."""
    known = conn.execute("select to_regclass('schema_migrations') is not null as known").fetchone()
    if known is None or not known["known"]:
        conn.execute(_RECORD)
    rows = conn.execute("select number, checksum from schema_migrations").fetchall()
    return {row["number"]: row["checksum"] for row in rows}


def _check_history(applied: dict[int, str], migrations: Sequence[Migration]) -> None:
    for migration in migrations:
        if applied.get(migration.number, migration.checksum) != migration.checksum:
            raise SchemaConflict(
                f"migration {migration.number} was applied with different content than in this version"
            )


def _apply(conn: _Conn, migration: Migration, patience_seconds: float) -> None:
    try:
        conn.execute(migration.sql)
    except psycopg.errors.LockNotAvailable:
        raise SchemaConflict(
            f"migration {migration.number} waited {patience_seconds:g} s for a table in use by another transaction: "
            "wait for it to end (see pg_stat_activity) and migrate again"
        ) from None
    conn.execute(
        "insert into schema_migrations (number, name, checksum, oldest_code) values (%s, %s, %s, %s)",
        (migration.number, migration.name, migration.checksum, migration.oldest_code),
    )


def _refusal(conn: _Conn, error: psycopg.Error) -> str:
    """Describe the privilege to grant to the role, or the session to end."""
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return READ_ONLY
    row = conn.execute(query("migrating_role")).fetchone()
    assert row is not None, "it gives one row"
    if row["foreign_owner"] is not None:
        return (
            f"the tables in schema {row['schema']} belong to the role {row['foreign_owner']}: migrate as that role, or "
            f"grant {row['foreign_owner']} to {row['role']}"
        )
    return (
        f"the role {row['role']} may not create tables in schema {row['schema']}: grant usage, create on schema "
        f"{row['schema']} to {row['role']}"
    )


async def schema_trouble(conn: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> str:
    """Explain why this code must not run on the database's schema; empty if it may."""
    if trouble := server_trouble(conn) or await privilege_trouble(conn):
        return trouble
    known = await (await conn.execute("select to_regclass('schema_migrations') is not null as known")).fetchone()
    if known is None or not known["known"]:
        return "the database is not migrated: run the migrations"
    levels = "select coalesce(max(number), 0) as level, coalesce(max(oldest_code), 0) as needs from schema_migrations"
    row = await (await conn.execute(levels)).fetchone()
    assert row is not None, "an aggregate gives a row"
    code = migrations[-1].number
    if row["level"] < code:
        return f"the schema is at level {row['level']} but this version needs {code}: run the migrations"
    if row["needs"] > code:
        return f"the schema needs code of level {row['needs']} but this version is {code}: upgrade it"
    return ""
