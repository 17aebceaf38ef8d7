"""The port `ExpiredExecutions` of the store in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from adapters.memory.idempotency import MemoryIdempotencyKeys
from adapters.memory.rows import ExecutionRow, JobRow, Rows, has_content, redact_row, script_of
from adapters.memory.scripts import MemoryScripts
from application.ports.operations import PurgedBatch
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Action, batch_event, execution_event, job_event
from domain.batches import Batch, remove_content
from domain.execution import Failed, Finished, Succeeded
from domain.jobs import remove_content as remove_job_content
from domain.retention import Retention, ScriptRetention, effective_retention

KeptFor: TypeAlias = Callable[[ScriptRetention], timedelta | None]
"""Chooses, by a script's own retention, how long something is kept."""
_BEFORE_ALL: Final = UUID(int=0)


class MemoryExpiredExecutions:
    """The port `ExpiredExecutions`."""

    def __init__(
        self,
        rows: Rows,
        scripts: MemoryScripts,
        keys: MemoryIdempotencyKeys,
        clock: Clock,
    ) -> None:
        self._kept, self._replays, self._batches, self._jobs = rows.executions, rows.replays, rows.batches, rows.jobs
        self._scripts, self._keys, self._clock, self._audit = scripts, keys, clock, scripts.audit

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> PurgedBatch:
        general = Retention(content=kept_for)
        batches = self._old_batches(first, lambda own: effective_retention(own, general).content)
        for batch in [one for one in batches if one.content_removed_at is None][:count]:
            self._mark(batch)
        left_over = [one for one in self._finished(_BEFORE_ALL) if self._is_of_marked(one)]
        old = self._old(first, lambda own: effective_retention(own, general).content)
        expired = left_over or [one for one in old if one.submission.attribution.batch is None and has_content(one)]
        removed = [remove(one, self._clock()) for one in expired[:count]]
        for one in removed:
            self._kept[one.submission.id] = ExecutionRow(one, None)
            self._audit.record(execution_event(Action.REMOVED_CONTENT, one.submission, ANONYMOUS))
        return PurgedBatch(len(removed), first) if left_over else _taken(removed, count)

    def _mark(self, batch: Batch) -> None:
        """Record that a batch loses its content, of which `remove_contents` takes what is left."""
        self._batches[batch.id].batch = remove_content(batch, self._clock()).unwrap()
        self._audit.record(batch_event(Action.REMOVED_BATCH, batch, ANONYMOUS))

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        general = Retention(rows=kept_for)
        for batch in self._old_batches(first, lambda own: effective_retention(own, general).rows)[:count]:
            del self._batches[batch.id]
        old = self._old(first, lambda own: effective_retention(own, general).rows)
        deleted = [one for one in old if self._batch_of(one) is None][:count]
        for one in deleted:
            del self._kept[one.submission.id]
            self._keys.forget(one.submission.id)
        return _taken(deleted, count)

    async def delete_replays(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        general = Retention(rows=kept_for)
        replays = (row.replay for row in self._replays.values() if row.replay.script_id >= first)
        expired = [
            one
            for one in replays
            if self._is_old(one.script_id, one.finished_at, lambda own: effective_retention(own, general).rows)
        ]
        batch = sorted(expired, key=lambda one: (one.script_id, one.id))[:count]
        for one in batch:
            del self._replays[one.id]
        return PurgedBatch(len(batch), batch[-1].script_id if len(batch) == count else None)

    async def remove_job_contents(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        general = Retention(content=kept_for)
        old = self._old_jobs(first, lambda own: effective_retention(own, general).content)
        expired = [row for row in old if row.job.content_removed_at is None][:count]
        for row in expired:
            redact_row(row, remove_job_content(row.job, self._clock()).unwrap())
            self._audit.record(job_event(Action.REMOVED_JOB, row.job, ANONYMOUS))
        return _taken_jobs(expired, count)

    async def delete_jobs(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        general = Retention(rows=kept_for)
        expired = self._old_jobs(first, lambda own: effective_retention(own, general).rows)[:count]
        for row in expired:
            del self._jobs[row.job.id]
            self._keys.forget_job(row.job.id)
        return _taken_jobs(expired, count)

    def _old_jobs(self, first: UUID, kept_for: KeptFor) -> list[JobRow]:
        """List the jobs that finished long enough ago, script by script, and the oldest of each first."""
        rows = sorted(self._jobs.values(), key=lambda row: (row.job.script.id, row.job.id))
        later = (row for row in rows if row.job.script.id >= first)
        return [row for row in later if self._is_old(row.job.script.id, row.job.finished_at, kept_for)]

    def _old_batches(self, first: UUID, kept_for: KeptFor) -> list[Batch]:
        """List the batches that finished long enough ago, script by script, and the oldest of each first."""
        batches = sorted((row.batch for row in self._batches.values()), key=lambda one: (one.script.id, one.id))
        return [
            one for one in batches if one.script.id >= first and self._is_old(one.script.id, one.finished_at, kept_for)
        ]

    def _old(self, first: UUID, kept_for: KeptFor) -> list[Finished]:
        """List the executions that ended long enough ago in the same order."""
        return [one for one in self._finished(first) if self._is_old(script_of(one), one.finished_at, kept_for)]

    def _finished(self, first: UUID) -> list[Finished]:
        finished = [kept.execution for kept in self._kept.values() if isinstance(kept.execution, Succeeded | Failed)]
        return sorted(
            (one for one in finished if script_of(one) >= first), key=lambda one: (script_of(one), one.submission.id)
        )

    def _is_old(self, script_id: UUID, ended_at: datetime | None, kept_for: KeptFor) -> bool:
        long = kept_for(self._scripts.retention_of(script_id))
        return long is not None and ended_at is not None and ended_at < self._clock() - long

    def _is_of_marked(self, one: Finished) -> bool:
        """Tell whether the execution has content although its batch has lost it."""
        batch = self._batch_of(one)
        return batch is not None and batch.content_removed_at is not None and has_content(one)

    def _batch_of(self, one: Finished) -> Batch | None:
        place = one.submission.attribution.batch
        row = None if place is None else self._batches.get(place.batch_id)
        return None if row is None else row.batch


def _taken(batch: Sequence[Finished], count: int) -> PurgedBatch:
    return PurgedBatch(len(batch), script_of(batch[-1]) if len(batch) == count else None)


def _taken_jobs(batch: Sequence[JobRow], count: int) -> PurgedBatch:
    return PurgedBatch(len(batch), batch[-1].job.script.id if len(batch) == count else None)
