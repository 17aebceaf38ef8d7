"""The port `ExpiredExecutions` of the store in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from adapters.memory.idempotency import MemoryIdempotencyKeys
from adapters.memory.rows import ExecutionRow, ReplayRow, has_content, script_of
from adapters.memory.scripts import MemoryScripts
from application.ports.operations import PurgedBatch
from application.ports.system import Clock
from domain.audit import ANONYMOUS, Action, execution_event
from domain.execution import Failed, Finished, Succeeded
from domain.retention import Retention, effective_retention


class MemoryExpiredExecutions:
    """The port `ExpiredExecutions`."""

    def __init__(
        self,
        kept: dict[UUID, ExecutionRow],
        scripts: MemoryScripts,
        keys: MemoryIdempotencyKeys,
        clock: Clock,
        replays: dict[UUID, ReplayRow],
    ) -> None:
        self._kept, self._scripts, self._keys, self._clock, self._replays = kept, scripts, keys, clock, replays
        self._audit = scripts.audit

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> PurgedBatch:
        general = Retention(content=kept_for)
        old = self._expired(first, lambda own: effective_retention(own, general).content)
        removed = [remove(one, self._clock()) for one in old if has_content(one)][:count]
        for one in removed:
            self._kept[one.submission.id] = ExecutionRow(one, None)
            self._audit.record(execution_event(Action.REMOVED_CONTENT, one.submission, ANONYMOUS))
        return _taken(removed, count)

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> PurgedBatch:
        general = Retention(rows=kept_for)
        deleted = self._expired(first, lambda own: effective_retention(own, general).rows)[:count]
        for one in deleted:
            del self._kept[one.submission.id]
            self._keys.forget(one.submission.id)
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

    def _expired(self, first: UUID, kept_for: Callable[[Retention], timedelta | None]) -> list[Finished]:
        """List the expired executions script by script, and the oldest of each first."""
        old = []
        for kept in self._kept.values():
            one = kept.execution
            if isinstance(one, Succeeded | Failed) and script_of(one) >= first:
                long = kept_for(self._scripts.retention_of(script_of(one)))
                old += [one] if long is not None and one.finished_at < self._clock() - long else []
        return sorted(old, key=lambda one: (script_of(one), one.submission.id))


def _taken(batch: Sequence[Finished], count: int) -> PurgedBatch:
    return PurgedBatch(len(batch), script_of(batch[-1]) if len(batch) == count else None)
