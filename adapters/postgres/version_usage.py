"""The port `ReadVersionUsage` on PostgreSQL: one statement, which reads ranges of indexes."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from adapters.postgres.connections import Pool, connection, repeated_if_lost
from adapters.postgres.queries import query
from domain.version_usage import VersionUsage


class PostgresVersionUsage:
    """Reads the use of versions."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @repeated_if_lost
    async def __call__(self, script_id: UUID, numbers: Sequence[int], up_to: int) -> Mapping[int, VersionUsage]:
        parameters = {"script_id": script_id, "numbers": list(numbers), "up_to": up_to}
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query("version_usage"), parameters)).fetchall()
        return {row.pop("number"): VersionUsage(**row) for row in rows}
