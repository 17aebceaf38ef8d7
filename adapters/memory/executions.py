"""The port `Executions` of the store in memory."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from attrs import evolve
from returns.result import Failure, Result, Success

from adapters.memory.ends import MemoryEnds
from adapters.memory.rows import ExecutionRow, has_content
from adapters.memory.scripts import MemoryScripts
from application.ports.batches import NewBatch
from application.ports.errors import Conflict
from application.ports.executions import ExecutionDetails, ExecutionFilter, NewExecution
from application.ports.stored_bodies import StoredBody, stored
from domain.audit import ANONYMOUS, Action, Actor, execution_event
from domain.body import Body
from domain.execution import Execution, Failed, Finished, Pending, Running, Submission, Unfinished, state_of
from domain.outcome import Logs
from domain.queue_state import MOST_AHEAD, QueuePlace, wait_reason


class MemoryExecutions:
    """The port `Executions`."""

    def __init__(
        self,
        kept: dict[UUID, ExecutionRow],
        ends: MemoryEnds,
        wake: Callable[[], None],
        scripts: MemoryScripts,
        lease_end: Callable[[], datetime],
    ) -> None:
        self._kept, self._ends, self._wake, self._lease_end = kept, ends, wake, lease_end
        self._scripts, self.audit = scripts, scripts.audit

    async def add(self, new: NewExecution) -> Result[None, Conflict]:
        execution, dataset = new.execution, new.dataset
        if not self._scripts.is_as_expected(execution.submission.script.id, new.expected):
            return Failure(Conflict())
        is_running = isinstance(execution, Running)
        leased_until = self._lease_end() if is_running else None
        self._kept[execution.submission.id] = ExecutionRow(execution, dataset, leased_until=leased_until)
        self.audit.record(execution_event(Action.SUBMITTED, execution.submission, new.by))
        if not is_running:
            self._wake()
        return Success(None)

    def add_all(self, new: NewBatch) -> Result[None, Conflict]:
        """Store the executions of a batch, for the other ports of the store."""
        if not self._scripts.is_as_expected(new.batch.script.id, new.expected):
            return Failure(Conflict())
        for execution, dataset in zip(new.executions, new.datasets, strict=True):
            self._kept[execution.submission.id] = ExecutionRow(execution, dataset)
        self._wake()
        return Success(None)

    async def cancel(self, read: Unfinished, failed: Failed, by: Actor = ANONYMOUS) -> Result[Logs, Conflict]:
        kept = self._kept[read.submission.id]
        if kept.execution != read:
            return Failure(Conflict())
        self._kept[read.submission.id] = ExecutionRow(failed, kept.dataset, kept.live_log)
        self.audit.record(execution_event(Action.CANCELLED, read.submission, by))
        self._ends.record([failed])
        return Success(kept.live_log)

    async def remove_content(self, removed: Finished, by: Actor = ANONYMOUS) -> None:
        kept = self._kept.get(removed.submission.id)
        if kept is not None and has_content(kept.execution):
            self._kept[removed.submission.id] = ExecutionRow(removed, None)
            self.audit.record(execution_event(Action.REMOVED_CONTENT, removed.submission, by))

    def add_differences(self, execution_id: UUID, differences: Body, columns: bytes | None) -> None:
        """Keep the differences of an execution, unless its content was removed, for the other ports of the store."""
        kept = self._kept.get(execution_id)
        if kept is not None and has_content(kept.execution):
            self._kept[execution_id] = evolve(kept, differences=differences, columns=columns)

    def find(self, execution_id: UUID) -> Execution | None:
        """Find an execution, for the other ports of the store."""
        kept = self._kept.get(execution_id)
        return None if kept is None else kept.execution

    async def report(self, execution_id: UUID, result_up_to: int) -> ExecutionDetails | None:
        kept = self._kept.get(execution_id)
        if kept is None:
            return None
        fits = kept.result is not None and kept.result.digest.size_bytes <= result_up_to
        return ExecutionDetails(kept.execution, kept.logs, kept.result if fits else None)

    async def dataset(self, execution_id: UUID) -> StoredBody | None:
        kept = self._kept.get(execution_id)
        return None if kept is None or kept.dataset is None else stored(kept.dataset)

    async def result(self, execution_id: UUID) -> StoredBody | None:
        kept = self._kept.get(execution_id)
        return None if kept is None or kept.result is None else stored(kept.result)

    async def page(self, wanted: ExecutionFilter, before: UUID | None, limit: int) -> Sequence[Execution]:
        newest_first = sorted(self._kept.items(), reverse=True, key=lambda item: item[0])
        shown = (kept.execution for key, kept in newest_first if before is None or key < before)
        return [execution for execution in shown if _shows(wanted, execution)][:limit]

    async def waiting(self, up_to: int) -> int:
        return min(up_to, sum(one.submission.replay_of is None for one in self._pending()))

    async def queue_place(self, pending: Pending) -> QueuePlace:
        asked = pending.submission
        ahead = sum(
            one.submission.script.id == asked.script.id
            and one.submission.id < asked.id
            and (one.submission.replay_of is None) is (asked.replay_of is None)
            for one in self._pending()
        )
        running = sum(isinstance(kept.execution, Running) for kept in self._kept.values())
        return QueuePlace(min(MOST_AHEAD, ahead), wait_reason(running, running))  # it knows slots by their runs only

    async def replays_waiting(self, up_to: int) -> int:
        return min(up_to, sum(one.submission.replay_of is not None for one in self._pending()))

    def _pending(self) -> Iterator[Pending]:
        return (kept.execution for kept in self._kept.values() if isinstance(kept.execution, Pending))


def _shows(wanted: ExecutionFilter, execution: Execution) -> bool:
    submission = execution.submission
    return (
        wanted.script in (None, submission.script.id)
        and wanted.version in (None, submission.script.version)
        and wanted.state in (None, state_of(execution))
        and (wanted.submitted_from is None or submission.submitted_at >= wanted.submitted_from)
        and (wanted.submitted_to is None or submission.submitted_at < wanted.submitted_to)
        and (wanted.replays or wanted.replay_of is not None or submission.replay_of is None)
        and wanted.replay_of in (None, submission.replay_of)
        and wanted.batch in (None, _batch_of(submission))
        and wanted.input_of in (None, submission.attribution.input_of)
    )


def _batch_of(submission: Submission) -> UUID | None:
    place = submission.attribution.batch
    return None if place is None else place.batch_id
