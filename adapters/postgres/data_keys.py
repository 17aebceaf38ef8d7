"""The port `DataKeys` on PostgreSQL."""

from collections.abc import Callable, Mapping
from uuid import UUID

from adapters.postgres.connections import Pool, connection, planned_by_values
from adapters.postgres.queries import query
from application.ports.encryption import WrappedKey


class PostgresDataKeys:
    """The wrapped data keys."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def counted(self) -> Mapping[str, int]:
        async with connection(self._pool) as conn, planned_by_values(conn):
            rows = await (await conn.execute(query("data_keys_counted"))).fetchall()
        return {row["master_key_id"]: row["keys"] for row in rows}

    async def rewrap(
        self, master_key_id: str, after: UUID, count: int, rewrap: Callable[[UUID, WrappedKey], WrappedKey | None]
    ) -> UUID | None:
        wanted = {"master_key_id": master_key_id, "after": after, "count": count}
        async with connection(self._pool) as conn, conn.transaction():
            rows = await (await conn.execute(query("keys_to_rewrap"), wanted, binary=True)).fetchall()
            keys = [
                (row["owner_id"], key)
                for row in rows
                if (key := rewrap(row["owner_id"], WrappedKey(row["master_key_id"], row["wrapped"]))) is not None
            ]
            columns = {
                "ids": [owner_id for owner_id, _ in keys],
                "master_key_ids": [key.master_key_id for _, key in keys],
                "wrapped_keys": [key.data for _, key in keys],
            }
            await conn.execute(query("rewrap"), columns)
        return rows[-1]["owner_id"] if rows else None
