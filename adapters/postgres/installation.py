"""The port `Installation` on PostgreSQL: the id that the database got when it was migrated."""

from uuid import UUID

from adapters.postgres.connections import Pool, connection, repeated_if_lost
from adapters.postgres.queries import query


class PostgresInstallation:
    """Reads the id once: it is the same for as long as the process runs."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._id: UUID | None = None

    async def installation_id(self) -> UUID:
        if self._id is None:
            self._id = await self._read()
        return self._id

    @repeated_if_lost
    async def _read(self) -> UUID:
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("installation"))).fetchone()
        assert row is not None, "the migration inserts it"
        found: UUID = row["id"]
        return found
