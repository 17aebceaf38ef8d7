"""The port `ReplayWork` of the store in memory."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from attrs import evolve

from adapters.memory.ends import MemoryEnds
from adapters.memory.executions import MemoryExecutions
from adapters.memory.rows import ReplayRow
from application.ports.system import Clock
from application.ports.version_replays import OpenExecution, Settlement
from domain.execution import Failed, Succeeded
from domain.version_replays import ReplayReport, VersionReplay


class MemoryReplayWork:
    """The port `ReplayWork`, for one process."""

    def __init__(
        self,
        rows: dict[UUID, ReplayRow],
        executions: MemoryExecutions,
        ends: MemoryEnds,
        clock: Clock,
        lease: timedelta,
    ) -> None:
        self._rows, self._executions, self._ends, self._clock, self._lease = rows, executions, ends, clock, lease
        self._holder: Final = uuid4()

    def of_another_process(self) -> "MemoryReplayWork":
        """Create the port of another process."""
        return MemoryReplayWork(self._rows, self._executions, self._ends, self._clock, self._lease)

    async def take(self, count: int) -> Sequence[VersionReplay]:
        free = [row for row in self._rows.values() if row.replay.finished_at is None and self._may_take(row)]
        taken = sorted(free, key=lambda row: row.replay.id)[:count]
        for row in taken:
            row.replay = evolve(row.replay, has_begun=True)
            row.held_by, row.leased_until = self._holder, self._clock() + self._lease
        return [row.replay for row in taken]

    def _may_take(self, row: ReplayRow) -> bool:
        return row.held_by in (self._holder, None) or row.leased_until is None or row.leased_until < self._clock()

    async def renew(self, held: Collection[UUID]) -> None:
        for row in [self._rows[one] for one in held if one in self._rows]:
            if row.held_by == self._holder:
                row.leased_until = self._clock() + self._lease

    async def release(self) -> None:
        for row in self._rows.values():
            if row.held_by == self._holder:
                row.held_by = None

    async def open_executions(self, replay_id: UUID, limit: int) -> Sequence[OpenExecution]:
        unsettled = [one for one in self._rows[replay_id].executions if one.settled is None][:limit]
        found = [(one, self._executions.find(one.execution_id)) for one in unsettled]
        return [OpenExecution(one, it is not None, isinstance(it, Succeeded | Failed)) for one, it in found]

    async def settle(self, settlement: Settlement) -> bool:
        wanted = settlement.execution
        row = next((row for row in self._rows.values() if wanted in row.executions), None)
        if row is None:
            return False
        row.executions[wanted.number] = evolve(wanted, settled=settlement.settled)
        if settlement.differences is not None:
            self._executions.add_differences(wanted.execution_id, settlement.differences, settlement.columns)
        if settlement.removed is not None:
            await self._executions.remove_content(settlement.removed)
        return True

    async def finish(self, replay_id: UUID, report: ReplayReport) -> bool:
        row = self._rows.get(replay_id)
        if row is None or row.replay.finished_at is not None or any(one.settled is None for one in row.executions):
            return False
        finished_at = max(self._clock(), row.replay.created_at)
        row.replay, row.report = evolve(row.replay, finished_at=finished_at), report
        self._ends.record_replay(row.replay, report)
        return True
