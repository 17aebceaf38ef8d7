"""The port `JobWork` on PostgreSQL. Leases are set and compared by the database's clock alone.

Each statement that stores something names the holder: once the lease has expired, or a client has cancelled the job, it
changes nothing.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from adapters.postgres.connections import Pool, connection, repeated_if_lost
from adapters.postgres.job_encryption import HoldLost, JobTexts, encrypted
from adapters.postgres.job_partition_rows import error_text, settled_columns
from adapters.postgres.job_partitions import StoredPartitions, add_partitions
from adapters.postgres.job_rows import counts_from, end_columns, job_from, plan_columns, progress_columns
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from adapters.postgres.script_rows import version_from
from application.ports.encryption import NO_ENCRYPTION, ContentPart, Keyring
from application.ports.jobs import TakenJob
from domain.jobs import Job
from domain.partitions import Partition, PartitionState


class PostgresJobWork:
    """Jobs, for one process that carries them on."""

    def __init__(self, pool: Pool, lease: timedelta, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._lease, self._texts = pool, lease, JobTexts(pool, seals)
        self._partitions = StoredPartitions(pool, self._texts)
        self._holder = uuid4()

    @repeated_if_lost
    async def is_waiting(self) -> bool:
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("job_waiting"))).fetchone()
        assert row is not None, "it asks for one value"
        is_waiting: bool = row["is_waiting"]
        return is_waiting

    async def take(self) -> TakenJob | None:
        """Take a job. An unfinished one has no error, so nothing is decrypted."""
        async with connection(self._pool) as conn:
            parameters = {"holder": self._holder, "lease": self._lease}
            row = await (await conn.execute(query("take_job"), parameters)).fetchone()
        return None if row is None else TakenJob(job_from(row, ""), counts_from(row), version_from(row))

    async def renew(self, job_id: UUID) -> bool:
        return await self._is_stored("renew_job", job_id, {"lease": self._lease})

    async def release(self, job_id: UUID) -> None:
        async with connection(self._pool) as conn:
            released = await conn.execute(query("release_job"), self._hold(job_id))
        if released.rowcount:
            notifier_of(self._pool).notify_jobs()

    async def plan(self, planned: Job, partitions: Sequence[Partition]) -> bool:
        assert planned.plan is not None, "it is planned"
        columns, hold = plan_columns(planned.plan), self._hold(planned.id)
        async with connection(self._pool) as conn, conn.transaction():
            row = await (await conn.execute(query("plan_job"), hold | columns)).fetchone()
            return await add_partitions(conn, hold, () if row is None else partitions)

    async def advance(self, advanced: Job) -> bool:
        return await self._is_stored("advance_job", advanced.id, progress_columns(advanced))

    async def add_partitions(self, job_id: UUID, partitions: Sequence[Partition]) -> bool:
        async with connection(self._pool) as conn, conn.transaction():
            return await add_partitions(conn, self._hold(job_id), partitions)

    async def settle(self, job_id: UUID, settled: Collection[Partition]) -> bool:
        texts = [None if one.error is None else error_text(one.error) for one in settled]
        try:
            key = await self._texts.data_key(job_id, self._holder) if any(texts) else None
        except HoldLost:
            return False
        columns = settled_columns(settled) | {
            "errors": [await encrypted(key, ContentPart.PARTITION_ERROR, text) for text in texts],
            "encrypted": [key is not None and text is not None for text in texts],
        }
        return await self._is_stored("settle_job_partitions", job_id, columns)

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Sequence[Partition]:
        return await self._partitions.page(job_id, state, first, limit)

    async def finish(self, finished: Job, differences: bytes | None = None) -> bool:
        try:
            columns = end_columns(finished) | await self._text_columns(finished, differences)
        except HoldLost:
            return False
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("finish_job"), self._hold(finished.id) | columns)).fetchone()
        if row is None:
            return False
        notifier_of(self._pool).notify_ended([finished.id])
        if row["has_event"]:
            notifier_of(self._pool).notify_events()
        return True

    async def _text_columns(self, finished: Job, differences: bytes | None) -> dict[str, Any]:
        message = None if finished.error is None else finished.error.message.encode()
        key = None if message is None else await self._texts.data_key(finished.id, self._holder)
        return {
            "error": await encrypted(key, ContentPart.JOB_ERROR, message),
            "error_is_encrypted": key is not None,
            "differences": await encrypted(key, ContentPart.JOB_DIFFERENCES, differences),
            "differences_are_encrypted": key is not None and differences is not None,
        }

    async def _is_stored(self, name: str, job_id: UUID, columns: dict[str, Any]) -> bool:
        async with connection(self._pool) as conn:
            return await (await conn.execute(query(name), self._hold(job_id) | columns)).fetchone() is not None

    def _hold(self, job_id: UUID) -> dict[str, object]:
        return {"job_id": job_id, "holder": self._holder}
