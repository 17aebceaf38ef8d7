"""The port `ExpiredExecutions` of the store in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from adapters.memory.audit import MemoryAudit
from adapters.memory.idempotency import MemoryKeys
from adapters.memory.rows import Kept, has_content, script_of
from adapters.memory.scripts import MemoryScripts
from application.ports.operations import Taken
from application.ports.system import Clock
from domain.audit import NOBODY, Action, to_execution
from domain.execution import Failed, Finished, Succeeded
from domain.retention import Retention, in_place_of


class MemoryExpired:
    """The port `ExpiredExecutions`."""

    def __init__(
        self, kept: dict[UUID, Kept], scripts: MemoryScripts, keys: MemoryKeys, clock: Clock, audit: MemoryAudit
    ) -> None:
        self._kept, self._scripts, self._keys, self._clock, self._audit = kept, scripts, keys, clock, audit

    async def remove_contents(
        self, kept_for: timedelta | None, first: UUID, count: int, remove: Callable[[Finished, datetime], Finished]
    ) -> Taken:
        general = Retention(content=kept_for)
        old = self._expired(first, lambda own: in_place_of(own, general).content)
        removed = [remove(one, self._clock()) for one in old if has_content(one)][:count]
        for one in removed:
            self._kept[one.submission.id] = Kept(one, None)
            self._audit.record(to_execution(Action.REMOVED_CONTENT, one.submission, NOBODY))
        return _taken(removed, count)

    async def delete(self, kept_for: timedelta | None, first: UUID, count: int) -> Taken:
        general = Retention(rows=kept_for)
        deleted = self._expired(first, lambda own: in_place_of(own, general).rows)[:count]
        for one in deleted:
            del self._kept[one.submission.id]
            self._keys.forget(one.submission.id)
        return _taken(deleted, count)

    def _expired(self, first: UUID, kept_for: Callable[[Retention], timedelta | None]) -> list[Finished]:
        """Script by script, and the oldest of each first."""
        old = []
        for kept in self._kept.values():
            one = kept.execution
            if isinstance(one, Succeeded | Failed) and script_of(one) >= first:
                long = kept_for(self._scripts.retention_of(script_of(one)))
                old += [one] if long is not None and one.finished_at < self._clock() - long else []
        return sorted(old, key=lambda one: (script_of(one), one.submission.id))


def _taken(batch: Sequence[Finished], count: int) -> Taken:
    return Taken(len(batch), script_of(batch[-1]) if len(batch) == count else None)
