"""The port `ReadDatabaseStatus` on PostgreSQL, and the record of verified backups."""

from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from adapters.postgres.connections import Pool, Row, connection, connection_parameters
from adapters.postgres.queries import query
from adapters.postgres.vitals import MOST_COUNTED
from application.ports.status import DatabaseStatus, ScriptStorage, StorageStatus, VerifiedBackup, WorkerStatus

_SECONDS: Final = 5
"""The limit for a free connection, and again for the answer."""
_MOST_WORKERS: Final = 200
SAMPLED_PAGES: Final = 250
"""Some 5,000 executions, whose bodies take two descents of an index each."""


class PostgresDatabaseStatus:
    """Reads the status. `lease` is the time within which a worker must have been seen. A table of executions with more
    than `sampled_pages` pages is sampled."""

    def __init__(self, pool: Pool, lease: timedelta, sampled_pages: int = SAMPLED_PAGES) -> None:
        self._pool, self._lease, self._sampled_pages = pool, lease, sampled_pages

    async def status(self) -> DatabaseStatus:
        parameters = {"lease": self._lease, "up_to": MOST_COUNTED, "count": _MOST_WORKERS}
        async with connection(self._pool, _SECONDS, _SECONDS) as conn:
            row = await (await conn.execute(query("database_status"))).fetchone()
            workers = await (await conn.execute(query("workers_listed"), parameters)).fetchall()
        assert row is not None, "it has a row of constants"
        return DatabaseStatus(
            postgres_version=row["postgres_version"],
            schema_level=row["schema_level"],
            workers=[WorkerStatus(**one) for one in workers],
            last_backup=_backup_from(row),
        )

    async def storage(self, count: int) -> StorageStatus:
        async with connection(self._pool, _SECONDS, _SECONDS) as conn:
            sizes = await (await conn.execute(query("storage_size"))).fetchone()
            assert sizes is not None, "it has a row of constants"
            percent = min(100.0, 100.0 * self._sampled_pages / max(1, sizes["pages"]))
            parameters = {"percent": percent, "count": count}
            rows = await (await conn.execute(query("largest_scripts"), parameters)).fetchall()
        return StorageStatus(
            database_bytes=sizes["database_bytes"],
            scripts=[ScriptStorage(**one) for one in rows],
            is_exact=percent == 100,
        )


def _backup_from(row: Row) -> VerifiedBackup | None:
    if row["taken_at"] is None:
        return None
    return VerifiedBackup(taken_at=row["taken_at"], verified_at=row["verified_at"], size_bytes=row["size_bytes"])


def database_time(conn: "psycopg.Connection[Any]") -> datetime:
    """Read the database's clock."""
    row = conn.cursor(row_factory=dict_row).execute("select clock_timestamp() as now").fetchone()
    assert row is not None, "it is one row"
    found: datetime = row["now"]
    return found


def record_backup(url: str, taken_at: datetime, size_bytes: int) -> None:
    """Record a verified backup of the database. Raises psycopg's errors."""
    with psycopg.connect(url, **connection_parameters(url, "bateia backup")) as conn:
        conn.execute(query("add_backup"), {"taken_at": taken_at, "size_bytes": size_bytes})
