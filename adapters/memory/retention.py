"""The port `ExpiredExecutions` of the store in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from adapters.memory.idempotency import MemoryIdempotencyKeys
from adapters.memory.rows import ExecutionRow, Rows, has_content, script_of
from adapters.memory.scripts import MemoryScripts
from application.ports.operations import PurgedBatch
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Action, execution_event
from domain.batches import Batch
from domain.execution import Failed, Finished, Succeeded
from domain.retention import Retention, effective_retention


class MemoryExpiredExecutions:
    """The port `ExpiredExecutions`."""

    def __init__(
        self,
        rows: Rows,
        scripts: MemoryScripts,
        keys: MemoryIdempotencyKeys,
        clock: Clock,
    ) -> None:
        self._kept, self._replays, self._batches = rows.executions, rows.replays, rows.batches
        self._scripts, self._keys, self._clock, self._audit = scripts, keys, clock, scripts.audit

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> PurgedBatch:
        general = Retention(content=kept_for)
        in_turn = self._due(
            first, lambda one: self._is_marked(one) or self._is_old(one, self._own(one, general).content)
        )
        removed = [remove(one, self._clock()) for one in in_turn if has_content(one)][:count]
        for one in removed:
            self._kept[one.submission.id] = ExecutionRow(one, None)
            self._audit.record(execution_event(Action.REMOVED_CONTENT, one.submission, ANONYMOUS))
        return _taken(removed, count)

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        general = Retention(rows=kept_for)
        deleted = self._due(first, lambda one: self._is_old(one, self._own(one, general).rows))[:count]
        for one in deleted:
            del self._kept[one.submission.id]
            self._keys.forget(one.submission.id)
            if (batch := self._batch(one)) is not None:
                del self._batches[batch.id]
        return _taken(deleted, count)

    async def delete_replays(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        general, finished = Retention(rows=kept_for), [row.replay for row in self._replays.values()]
        expired = []
        for one in [replay for replay in finished if replay.finished_at is not None and replay.script_id >= first]:
            assert one.finished_at is not None
            long = effective_retention(self._scripts.retention_of(one.script_id), general).rows
            expired += [one] if long is not None and one.finished_at < self._clock() - long else []
        batch = sorted(expired, key=lambda one: (one.script_id, one.id))[:count]
        for one in batch:
            del self._replays[one.id]
        return PurgedBatch(len(batch), batch[-1].script_id if len(batch) == count else None)

    def _due(self, first: UUID, is_due: Callable[[Finished], bool]) -> list[Finished]:
        """List the finished executions that are due script by script, and the oldest of each first."""
        finished = [kept.execution for kept in self._kept.values() if isinstance(kept.execution, Succeeded | Failed)]
        due = [one for one in finished if script_of(one) >= first and is_due(one)]
        return sorted(due, key=lambda one: (script_of(one), one.submission.id))

    def _own(self, one: Finished, general: Retention) -> Retention:
        return effective_retention(self._scripts.retention_of(script_of(one)), general)

    def _is_old(self, one: Finished, kept_for: timedelta | None) -> bool:
        ended_at = self._ended_at(one)
        return kept_for is not None and ended_at is not None and ended_at < self._clock() - kept_for

    def _ended_at(self, one: Finished) -> datetime | None:
        """Return the end of the execution's batch, if it has one that was not deleted yet, or else its own."""
        batch = self._batch(one)
        return one.finished_at if batch is None else batch.finished_at

    def _is_marked(self, one: Finished) -> bool:
        """Tell whether a client has had the content of the whole batch removed."""
        batch = self._batch(one)
        return batch is not None and batch.content_removed_at is not None

    def _batch(self, one: Finished) -> Batch | None:
        place = one.submission.attribution.batch
        row = None if place is None else self._batches.get(place.batch_id)
        return None if row is None else row.batch


def _taken(batch: Sequence[Finished], count: int) -> PurgedBatch:
    return PurgedBatch(len(batch), script_of(batch[-1]) if len(batch) == count else None)
