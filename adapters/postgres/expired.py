"""The port `ExpiredExecutions` on PostgreSQL. Ages are measured by the database's clock alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from attrs import asdict

from adapters.postgres.connections import Pool, connection
from adapters.postgres.queries import query
from adapters.postgres.rows import execution_from, removed_columns
from domain.audit import NOBODY
from domain.execution import Finished, as_finished


class PostgresExpiredExecutions:
    """The executions that are kept no longer, in small transactions. One that is lost in a crash is done again."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def remove_contents(
        self, older_than: timedelta, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> int:
        """What a script said is removed unread, so it need not be opened if it is sealed."""
        wanted = {"older_than": older_than, "count": count}
        async with connection(self._pool) as conn, conn.pipeline(), conn.transaction():
            await conn.execute("set local synchronous_commit = off")
            rows = await (await conn.execute(query("contents_expired"), wanted)).fetchall()
            removed = [remove(as_finished(execution_from(row)).unwrap(), row["read_at"]) for row in rows]
            await conn.execute(query("remove_content"), removed_columns(removed) | asdict(NOBODY))
        return len(rows)

    async def delete(self, older_than: timedelta, count: int) -> int:
        async with connection(self._pool) as conn:
            return (await conn.execute(query("delete_expired"), {"older_than": older_than, "count": count})).rowcount
