"""The port `ExpiredExecutions` on PostgreSQL. Ages are measured by the database's clock alone."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from attrs import asdict, evolve

from adapters.postgres.connections import Pool, Row, connection
from adapters.postgres.encryption import EncryptedRows
from adapters.postgres.execution_rows import execution_from, redacted_columns
from adapters.postgres.queries import query
from application.ports.encryption import NO_ENCRYPTION, DecryptionFailed, Keyring, MasterKeyMissing
from application.ports.operations import PurgedBatch
from domain.audit import ANONYMOUS
from domain.execution import Failed, Finished, as_finished

_MOST_PARTITIONS: Final = 10_000
"""The partitions of jobs that one transaction removes, those of its last job apart."""


class PostgresExpiredExecutions:
    """Removal of expired executions, in small transactions. One lost in a crash is repeated."""

    def __init__(self, pool: Pool, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._sealing = pool, EncryptedRows(pool, seals)

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> PurgedBatch:
        """Remove content. Text is decrypted only for the digest of an error that has none."""
        wanted = {"kept_for": kept_for, "first": first, "count": count}
        async with connection(self._pool) as conn, conn.pipeline(), conn.transaction():
            await conn.execute("set local synchronous_commit = off")
            await conn.execute(query("expire_batches"), wanted)
            rows = await (await conn.execute(query("batch_contents"), {"count": count})).fetchall()
            if rows:
                taken = PurgedBatch(len(rows), first)
            else:
                await conn.execute(query("batches_without_content"))
                rows = await (await conn.execute(query("contents_expired"), wanted)).fetchall()
                taken = _taken(rows, count)
            removed = [await self._removed(row, remove) for row in rows]
            await conn.execute(query("remove_content"), redacted_columns(removed) | asdict(ANONYMOUS))
        return taken

    async def _removed(self, row: Row, remove: Callable[[Finished, datetime], Finished]) -> Finished:
        """Remove the content of a row. Text that does not decrypt holds nothing up, but then it leaves no digest."""
        if row["error_sealed"] is None or row["error_sha256"] is not None:
            return remove(_finished(row), row["read_at"])
        try:
            return remove(_finished(await self._sealing.decrypt(row)), row["read_at"])
        except (DecryptionFailed, MasterKeyMissing):
            removed = remove(_finished(row), row["read_at"])
            assert isinstance(removed, Failed), "a CHECK says so"
            return evolve(removed, error_sha256=None)

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        wanted = {"kept_for": kept_for, "first": first, "count": count}
        async with connection(self._pool) as conn, conn.pipeline(), conn.transaction():
            await conn.execute(query("delete_expired_batches"), wanted)
            return _taken(await (await conn.execute(query("delete_expired"), wanted)).fetchall(), count)

    async def delete_replays(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        wanted = {"kept_for": kept_for, "first": first, "count": count}
        async with connection(self._pool) as conn:
            return _taken(await (await conn.execute(query("delete_expired_replays"), wanted)).fetchall(), count)

    async def remove_job_contents(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        wanted = {"kept_for": kept_for, "first": first, "count": count, "most_partitions": _MOST_PARTITIONS}
        async with connection(self._pool) as conn, conn.transaction():
            rows = await (await conn.execute(query("job_contents_expired"), wanted)).fetchall()
            columns = {
                "ids": [row["id"] for row in rows],
                "attempts": [row["attempt"] for row in rows],
                "at": [row["at"] for row in rows],
            }
            await conn.execute(query("remove_job_content"), columns | asdict(ANONYMOUS))
        return _until_none(rows)

    async def delete_jobs(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        wanted = {"kept_for": kept_for, "first": first, "count": count, "most_partitions": _MOST_PARTITIONS}
        async with connection(self._pool) as conn:
            return _until_none(await (await conn.execute(query("delete_expired_jobs"), wanted)).fetchall())


def _finished(row: Row) -> Finished:
    return as_finished(execution_from(row)).unwrap()


def _taken(rows: Sequence[Row], count: int) -> PurgedBatch:
    return PurgedBatch(len(rows), max(row["script_id"] for row in rows) if len(rows) == count else None)


def _until_none(rows: Sequence[Row]) -> PurgedBatch:
    """Go on until nothing is left: there may be fewer jobs than asked for, since their partitions count."""
    return PurgedBatch(len(rows), max((row["script_id"] for row in rows), default=None))
