"""The port `ExpiredExecutions` on PostgreSQL. Ages are measured by the database's clock alone."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from attrs import asdict

from adapters.postgres.connections import Pool, Row, connection
from adapters.postgres.execution_rows import execution_from, redacted_columns
from adapters.postgres.queries import query
from application.ports.operations import PurgedBatch
from domain.audit import ANONYMOUS
from domain.execution import Finished, as_finished


class PostgresExpiredExecutions:
    """Removal of expired executions, in small transactions. One lost in a crash is repeated."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> PurgedBatch:
        """Remove content. Script-authored text is removed without being read, so it need not be decrypted."""
        wanted = {"kept_for": kept_for, "first": first, "count": count}
        async with connection(self._pool) as conn, conn.pipeline(), conn.transaction():
            await conn.execute("set local synchronous_commit = off")
            rows = await (await conn.execute(query("contents_expired"), wanted)).fetchall()
            removed = [remove(as_finished(execution_from(row)).unwrap(), row["read_at"]) for row in rows]
            await conn.execute(query("remove_content"), redacted_columns(removed) | asdict(ANONYMOUS))
        return _taken(rows, count)

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        wanted = {"kept_for": kept_for, "first": first, "count": count}
        async with connection(self._pool) as conn:
            return _taken(await (await conn.execute(query("delete_expired"), wanted)).fetchall(), count)


def _taken(rows: Sequence[Row], count: int) -> PurgedBatch:
    return PurgedBatch(len(rows), max(row["script_id"] for row in rows) if len(rows) == count else None)
