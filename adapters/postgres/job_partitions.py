"""Reading and adding of a job's partitions, shared by the two ports."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from adapters.postgres.connections import Connection, Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.job_encryption import JobTexts
from adapters.postgres.job_partition_rows import partition_from, range_columns
from adapters.postgres.queries import query
from application.ports.encryption import ContentPart
from domain.partitions import Partition, PartitionState

_MOST_ADDED: Final = 5_000
"""The most partitions that one statement adds."""


class StoredPartitions:
    """The partitions as they are stored."""

    def __init__(self, pool: Pool, texts: JobTexts) -> None:
        self._pool, self._texts = pool, texts

    async def page(self, job_id: UUID, state: PartitionState | None, first: int, limit: int) -> Sequence[Partition]:
        """List partitions as the ports do."""
        wanted: dict[str, object] = {"job_id": job_id, "state": state and state.value, "first": first, "limit": limit}
        return [await self._partition(row) for row in await self._rows(wanted)]

    @repeated_if_lost
    async def _rows(self, wanted: dict[str, object]) -> Sequence[Row]:
        async with connection(self._pool) as conn, planned_by_values(conn):
            return await (await conn.execute(query("job_partitions"), wanted)).fetchall()

    async def _partition(self, row: Row) -> Partition:
        part, flag = ContentPart.PARTITION_ERROR, "error_is_encrypted"
        return partition_from(row, await self._texts.decrypt(row, row["job_id"], part, "error", flag))


async def add_partitions(conn: Connection, hold: dict[str, object], partitions: Sequence[Partition]) -> bool:
    """Add partitions that are not there yet. Tells whether the job is held; if not, none is added."""
    is_held = False
    for portion in _portions(partitions):
        row = await (await conn.execute(query("add_job_partitions"), hold | range_columns(portion))).fetchone()
        is_held = row is not None
        if not is_held:
            break
    return is_held


def _portions(partitions: Sequence[Partition]) -> Iterator[Sequence[Partition]]:
    """Divide partitions into portions, at least one."""
    for first in range(0, max(len(partitions), 1), _MOST_ADDED):
        yield partitions[first : first + _MOST_ADDED]
