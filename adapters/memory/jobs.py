"""The port `Jobs` of the store in memory."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from attrs import evolve
from returns.result import Failure, Result, Success

from adapters.memory.ends import MemoryEnds
from adapters.memory.idempotency import MemoryIdempotencyKeys
from adapters.memory.rows import JobRow, redact_row
from adapters.memory.scripts import MemoryScripts
from application.ports.errors import Conflict
from application.ports.jobs import LISTED_OBJECTS, JobFilter, JobKeyRecord, JobRecord, NewJob
from domain.audit import ANONYMOUS, Action, Actor, job_event
from domain.idempotency import RequestFingerprint
from domain.jobs import Job, JobStatus
from domain.partitions import Partition, PartitionState, reopen


class MemoryJobs:
    """The port `Jobs`."""

    def __init__(
        self, rows: dict[UUID, JobRow], scripts: MemoryScripts, keys: MemoryIdempotencyKeys, ends: MemoryEnds
    ) -> None:
        self._rows, self._scripts, self._keys, self._ends = rows, scripts, keys, ends
        self._audit: Final = scripts.audit

    async def add(self, new: NewJob) -> Result[None, JobKeyRecord | Conflict]:
        found = None if new.request is None else self._keys.find_job(new.request.key)
        if found is not None:
            return Failure(found)
        if not self._scripts.is_as_expected(new.job.script.id, new.expected):
            return Failure(Conflict())
        self._rows[new.job.id] = JobRow(new.job)
        self._audit.record(job_event(Action.SUBMITTED_JOB, new.job, new.by))
        if new.request is not None:
            self._keys.record_job(JobKeyRecord(new.request, new.job.id))
        return Success(None)

    async def find_by_key(self, request: RequestFingerprint) -> JobKeyRecord | None:
        return self._keys.find_job(request.key)

    async def find(self, job_id: UUID) -> JobRecord | None:
        row = self._rows.get(job_id)
        return None if row is None else evolve(self._shown(row), differences=row.differences)

    async def page(self, wanted: JobFilter, before: UUID | None, limit: int) -> Sequence[JobRecord]:
        newest_first = sorted(self._rows.values(), key=lambda row: row.job.id, reverse=True)
        shown = (row for row in newest_first if before is None or row.job.id < before)
        return [_abridged(self._shown(row)) for row in shown if _shows(wanted, row.job)][:limit]

    async def partitions(
        self, job_id: UUID, state: PartitionState | None, first: int, limit: int
    ) -> Sequence[Partition]:
        row = self._rows.get(job_id)
        return [] if row is None else row.page(state, first, limit)

    async def cancel(self, cancelled: Job, by: Actor = ANONYMOUS) -> bool:
        row = self._rows.get(cancelled.id)
        if row is None or row.job.attempt != cancelled.attempt or row.job.finished_at is not None:
            return False
        assert cancelled.finished_at is not None, "it was cancelled"
        at = max(cancelled.finished_at, row.job.started_at or row.job.submitted_at)
        row.end(evolve(row.job, finished_at=at, error=cancelled.error))
        self._audit.record(job_event(Action.CANCELLED_JOB, row.job, by))
        self._ends.record_job(row.job)
        return True

    async def retry(self, retried: Job, by: Actor = ANONYMOUS) -> bool:
        row = self._rows.get(retried.id)
        if row is None or row.job.attempt != retried.attempt - 1 or not _has_content(row.job, JobStatus.FAILED):
            return False
        row.job, row.differences, row.counts = retried, None, evolve(row.counts, failed=0)
        row.partitions = {number: reopen(one) for number, one in row.partitions.items()}
        self._audit.record(job_event(Action.RETRIED_JOB, row.job, by))
        return True

    async def remove_content(self, removed: Job, by: Actor = ANONYMOUS) -> None:
        row = self._rows.get(removed.id)
        if row is not None and row.job.attempt == removed.attempt and _has_content(row.job, *_FINISHED):
            redact_row(row, removed)
            self._audit.record(job_event(Action.REMOVED_JOB, removed, by))

    def _shown(self, row: JobRow) -> JobRecord:
        objects = 0 if row.job.plan is None else len(row.job.plan.objects)
        return JobRecord(row.job, row.counts, self._audit.names.get(row.job.submitted_by), objects=objects)


_FINISHED: Final = (JobStatus.SUCCEEDED, JobStatus.FAILED)


def _has_content(job: Job, *statuses: JobStatus) -> bool:
    return job.status in statuses and job.content_removed_at is None


def _shows(wanted: JobFilter, job: Job) -> bool:
    return wanted.script in (None, job.script.id) and wanted.status in (None, job.status)


def _abridged(record: JobRecord) -> JobRecord:
    """Leave out all but the first objects of the plan."""
    plan = record.job.plan
    if plan is None:
        return record
    return evolve(record, job=evolve(record.job, plan=evolve(plan, objects=plan.objects[:LISTED_OBJECTS])))
