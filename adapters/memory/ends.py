"""Ends of executions in the memory store: those of batches are counted, and whoever waits for them is woken."""

from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from adapters.memory.rows import BatchRow, ExecutionRow
from application.executions.completion_signals import WatchedCompletions
from domain.batches import Batch, record_ends
from domain.execution import Failed, Finished, State, Succeeded, state_of


def _ignore(batch: Batch) -> None:
    pass


class MemoryEnds:
    """What follows from the ends of executions, in the same step. `on_batch_finished` is told of a batch when the last
    of its executions has ended."""

    def __init__(
        self, kept: dict[UUID, ExecutionRow], batches: dict[UUID, BatchRow], endings: WatchedCompletions
    ) -> None:
        self._kept, self._batches, self._endings = kept, batches, endings
        self.on_batch_finished: Callable[[Batch], None] = _ignore

    def record(self, ended: Sequence[Finished]) -> None:
        """Record the ends of executions whose rows have been written."""
        places = [(one.submission.attribution.batch, state_of(one)) for one in ended]
        counted = Counter((place.batch_id, state) for place, state in places if place is not None)
        finished = [one for one in dict.fromkeys(batch_id for batch_id, _ in counted) if self._count(one, counted)]
        self._endings.notify([*(one.submission.id for one in ended), *finished])

    def _count(self, batch_id: UUID, ends: Counter[tuple[UUID, State]]) -> bool:
        """Count the ends of a batch's executions, and tell whether they have finished it."""
        row = self._batches.get(batch_id)
        if row is None:
            return False
        found = (self._kept[one].execution for one in row.executions)
        last = max(one.finished_at for one in found if isinstance(one, Succeeded | Failed))
        row.batch = record_ends(row.batch, ends[batch_id, State.SUCCEEDED], ends[batch_id, State.FAILED], last)
        if row.batch.finished_at is not None:
            self.on_batch_finished(row.batch)
        return row.batch.finished_at is not None
