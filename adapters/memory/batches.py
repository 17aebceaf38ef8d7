"""The port `Batches` of the store in memory."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result

from adapters.memory.ends import MemoryEnds
from adapters.memory.executions import MemoryExecutions
from adapters.memory.idempotency import MemoryIdempotencyKeys
from adapters.memory.rows import BatchRow, ExecutionRow, has_content
from application.ports.batches import BatchFilter, BatchLine, BatchRecord, NewBatch, line_of
from application.ports.errors import Conflict
from domain.audit import ANONYMOUS, Action, Actor, batch_event
from domain.batches import Batch, cancel, counts_of
from domain.execution import Execution, Failed, Finished, Pending, Running, Succeeded
from domain.idempotency import KeyRecord
from domain.transitions import cancel as cancel_execution


class MemoryBatches:
    """The port `Batches`."""

    def __init__(
        self,
        rows: dict[UUID, BatchRow],
        kept: dict[UUID, ExecutionRow],
        executions: MemoryExecutions,
        keys: MemoryIdempotencyKeys,
        ends: MemoryEnds,
    ) -> None:
        self._rows, self._kept, self._executions, self._keys, self._ends = rows, kept, executions, keys, ends
        self._audit = executions.audit

    async def add(self, new: NewBatch) -> Result[None, KeyRecord | Conflict]:
        found = None if new.request is None else await self._keys.find(new.request.key)
        if found is not None:
            return Failure(found)
        added = self._executions.add_all(new)
        if is_successful(added):
            ids = tuple(one.submission.id for one in new.executions)
            self._rows[new.batch.id] = BatchRow(new.batch, ids)
            self._audit.record(batch_event(Action.SUBMITTED_BATCH, new.batch, new.by))
            if new.request is not None:
                self._keys.record(KeyRecord(new.request, ids[0]))
        return added

    async def find(self, batch_id: UUID) -> BatchRecord | None:
        row = self._rows.get(batch_id)
        return None if row is None else self._shown(row)

    async def page(self, wanted: BatchFilter, before: UUID | None, limit: int) -> Sequence[BatchRecord]:
        newest_first = sorted(self._rows.values(), key=lambda row: row.batch.id, reverse=True)
        shown = (row for row in newest_first if before is None or row.batch.id < before)
        return [self._shown(row) for row in shown if _shows(wanted, row.batch)][:limit]

    async def lines(
        self, batch_id: UUID, after_line: int, limit: int, result_bytes: int | None = None
    ) -> Sequence[BatchLine]:
        page: list[BatchLine] = []
        left = result_bytes or 0
        for execution in islice(self._of(batch_id), after_line, after_line + limit):
            result = None if result_bytes is None else self._kept[execution.submission.id].result
            left -= 0 if result is None else result.digest.size_bytes
            if left < 0:
                return page or [line_of(execution, result and result.digest)]
            page.append(line_of(execution, result))
        return page

    async def cancel(self, batch_id: UUID, at: datetime, by: Actor = ANONYMOUS) -> int:
        unfinished = [one for one in self._of(batch_id) if isinstance(one, Pending | Running)]
        if not unfinished:
            return 0
        row, failed = self._rows[batch_id], [cancel_execution(one, at) for one in unfinished]
        row.batch = cancel(row.batch, at)
        for one in failed:
            kept = self._kept[one.submission.id]
            self._kept[one.submission.id] = ExecutionRow(one, kept.dataset, kept.live_log)
        self._audit.record(batch_event(Action.CANCELLED_BATCH, row.batch, by))
        self._ends.record(failed)
        return len(failed)

    async def mark_removed(self, removed: Batch, by: Actor = ANONYMOUS) -> None:
        row = self._rows.get(removed.id)
        if row is not None and row.batch.finished_at is not None and row.batch.content_removed_at is None:
            row.batch = evolve(row.batch, content_removed_at=removed.content_removed_at)
            self._audit.record(batch_event(Action.REMOVED_BATCH, removed, by))

    async def with_content(self, batch_id: UUID, limit: int) -> Sequence[Finished]:
        return [one for one in self._of(batch_id) if isinstance(one, Succeeded | Failed) and has_content(one)][:limit]

    async def remove_content(self, removed: Sequence[Finished], by: Actor = ANONYMOUS) -> None:
        for one in removed:
            await self._executions.remove_content(one, by)

    def _of(self, batch_id: UUID) -> Iterator[Execution]:
        """Iterate over the executions of a batch in the order of their lines."""
        row = self._rows.get(batch_id)
        return (self._kept[one].execution for one in (() if row is None else row.executions))

    def _shown(self, row: BatchRow) -> BatchRecord:
        batch = row.batch
        running = sum(isinstance(one, Running) for one in self._of(batch.id))
        return BatchRecord(batch, counts_of(batch, running), self._audit.names.get(batch.submitted_by))


def _shows(wanted: BatchFilter, batch: Batch) -> bool:
    return wanted.script in (None, batch.script.id) and wanted.version in (None, batch.script.version)
