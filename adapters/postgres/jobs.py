"""The port `Jobs` on PostgreSQL. A change and its audit record are one statement; readers and runners wake after it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from attrs import asdict
from returns.result import Failure, Result, Success

from adapters.postgres.connections import Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.idempotency import key_columns
from adapters.postgres.job_encryption import JobTexts
from adapters.postgres.job_partitions import StoredPartitions
from adapters.postgres.job_rows import job_columns, record_from
from adapters.postgres.notifier import notifier_of
from adapters.postgres.queries import query
from application.ports.encryption import NO_ENCRYPTION, ContentPart, Keyring
from application.ports.errors import Conflict
from application.ports.jobs import JobFilter, JobKeyRecord, JobRecord, NewJob
from domain.audit import ANONYMOUS, Actor
from domain.idempotency import RequestFingerprint
from domain.jobs import Job
from domain.partitions import Partition, PartitionState

_NO_KEY: Final = {"key": None, "request_sha256": None}


class PostgresJobs:
    """The jobs. Their idempotency keys are `kept_for` that long, by the database's clock."""

    def __init__(self, pool: Pool, kept_for: timedelta, seals: Keyring = NO_ENCRYPTION) -> None:
        self._pool, self._kept_for = pool, kept_for
        self._texts, self._notifier = JobTexts(pool, seals), notifier_of(pool)
        self._partitions = StoredPartitions(pool, self._texts)

    async def add(self, new: NewJob) -> Result[None, JobKeyRecord | Conflict]:
        if new.request is None:
            return Success(None) if await self._insert(new) else Failure(Conflict())
        if await self._insert_again(new):
            return Success(None)
        record = await self.find_by_key(new.request)
        if record is None:
            return Failure(Conflict())
        return Success(None) if record.job_id == new.job.id else Failure(record)

    @repeated_if_lost
    async def _insert_again(self, new: NewJob) -> bool:
        """Insert a job under its key: what a lost attempt has stored is recognised by that."""
        return await self._insert(new)

    async def _insert(self, new: NewJob) -> bool:
        key = _NO_KEY if new.request is None else key_columns(new.request)
        columns = job_columns(new) | key | {"kept_for": self._kept_for}
        async with connection(self._pool) as conn, conn.pipeline(), conn.transaction():
            if new.request is not None:
                await conn.execute(query("free_job_key"), {"key": key["key"]})
            is_added = await (await conn.execute(query("add_job"), columns)).fetchone() is not None
        if is_added:
            self._notifier.notify_jobs()
        return is_added

    @repeated_if_lost
    async def find_by_key(self, request: RequestFingerprint) -> JobKeyRecord | None:
        async with connection(self._pool) as conn:
            wanted = {"key": key_columns(request)["key"]}
            row = await (await conn.execute(query("job_by_key"), wanted)).fetchone()
        if row is None:
            return None
        return JobKeyRecord(RequestFingerprint(request.key, row["request_sha256"].hex()), row["id"])

    async def find(self, job_id: UUID) -> JobRecord | None:
        records = await self._records({"id": job_id, "limit": 1})
        return records[0] if records else None

    async def page(self, wanted: JobFilter, before: UUID | None, limit: int) -> Sequence[JobRecord]:
        return await self._records(asdict(wanted) | {"before": before, "limit": limit})

    async def _records(self, wanted: dict[str, Any]) -> list[JobRecord]:
        return [await self._record(row) for row in await self._rows(wanted)]

    @repeated_if_lost
    async def _rows(self, wanted: dict[str, Any]) -> Sequence[Row]:
        parameters = {"id": None, "before": None} | asdict(JobFilter()) | wanted
        async with connection(self._pool) as conn, planned_by_values(conn):
            return await (await conn.execute(query("jobs_page"), parameters)).fetchall()

    async def _record(self, row: Row) -> JobRecord:
        decrypt, job_id = self._texts.decrypt, row["id"]
        message = await decrypt(row, job_id, ContentPart.JOB_ERROR, "error", "error_is_encrypted")
        flag = "differences_are_encrypted"
        differences = await decrypt(row, job_id, ContentPart.JOB_DIFFERENCES, "differences", flag)
        return record_from(row, (message or b"").decode(), differences)

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Sequence[Partition]:
        return await self._partitions.page(job_id, state, first, limit)

    async def cancel(self, cancelled: Job, by: Actor = ANONYMOUS) -> bool:
        """Store the end of a job, whose message is the service's own, so it is not encrypted."""
        error = cancelled.error
        assert error is not None, "a cancelled job has failed"
        columns = asdict(by) | {
            "id": cancelled.id,
            "attempt": cancelled.attempt,
            "finished_at": cancelled.finished_at,
            "error_kind": error.kind.value,
            "error_partition": error.partition,
            "error": error.message.encode(),
        }
        async with connection(self._pool) as conn:
            row = await (await conn.execute(query("cancel_job"), columns)).fetchone()
        if row is None:
            return False
        self._notifier.notify_ended([cancelled.id])
        if row["has_event"]:
            self._notifier.notify_events()
        return True

    async def retry(self, retried: Job, by: Actor = ANONYMOUS) -> bool:
        columns = asdict(by) | {"id": retried.id, "attempt": retried.attempt}
        async with connection(self._pool) as conn:
            is_stored = await (await conn.execute(query("retry_job"), columns)).fetchone() is not None
        if is_stored:
            self._notifier.notify_jobs()
        return is_stored

    async def remove_content(self, removed: Job, by: Actor = ANONYMOUS) -> None:
        columns = {"ids": [removed.id], "attempts": [removed.attempt], "at": [removed.content_removed_at]}
        async with connection(self._pool) as conn:
            await conn.execute(query("remove_job_content"), columns | asdict(by))
