"""The port `IdempotencyKeys` of the store in memory."""

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.ports.errors import Conflict
from application.ports.executions import Executions, NewExecution
from application.ports.jobs import JobKeyRecord
from application.ports.system import Clock
from domain.idempotency import IdempotencyKey, KeyRecord, RequestFingerprint

_Record = TypeVar("_Record")


class MemoryIdempotencyKeys:
    """The port `IdempotencyKeys`."""

    def __init__(self, executions: Executions, clock: Clock, kept_for: timedelta) -> None:
        self._executions, self._clock, self._kept_for = executions, clock, kept_for
        self._records: dict[IdempotencyKey, tuple[KeyRecord, datetime]] = {}
        self._jobs: dict[IdempotencyKey, tuple[JobKeyRecord, datetime]] = {}

    async def find(self, key: IdempotencyKey) -> KeyRecord | None:
        record, expires_at = self._records.get(key, (None, None))
        return record if expires_at is not None and expires_at > self._clock() else None

    async def add(self, new: NewExecution, request: RequestFingerprint) -> Result[None, KeyRecord | Conflict]:
        found = await self.find(request.key)
        if found is not None:
            return Failure(found)
        added = await self._executions.add(new)
        if is_successful(added):
            self.record(KeyRecord(request, new.execution.submission.id))
        return added

    def record(self, record: KeyRecord) -> None:
        """Keep a record from now on, for the other ports of the store."""
        self._records[record.request.key] = (record, self._clock() + self._kept_for)

    def find_job(self, key: IdempotencyKey) -> JobKeyRecord | None:
        """Find the job of a key, for the other ports of the store: keys of jobs are apart from those of executions."""
        record, expires_at = self._jobs.get(key, (None, None))
        return record if expires_at is not None and expires_at > self._clock() else None

    def record_job(self, record: JobKeyRecord) -> None:
        """Keep a record of a job, as `record` does."""
        self._jobs[record.request.key] = (record, self._clock() + self._kept_for)

    def forget_job(self, job_id: UUID) -> None:
        """Remove the key of a job that was deleted."""
        self._jobs = {key: one for key, one in self._jobs.items() if one[0].job_id != job_id}

    def forget(self, execution_id: UUID) -> None:
        """Remove the key of an execution that was deleted."""
        self._records = {key: one for key, one in self._records.items() if one[0].execution_id != execution_id}

    async def forget_expired(self, count: int) -> int:
        forgotten = _forget_expired(self._records, self._clock(), count)
        return forgotten + _forget_expired(self._jobs, self._clock(), count - forgotten)


def _forget_expired(records: dict[IdempotencyKey, tuple[_Record, datetime]], at: datetime, count: int) -> int:
    expired = [key for key, (_, expires_at) in records.items() if expires_at <= at][:count]
    for key in expired:
        del records[key]
    return len(expired)
