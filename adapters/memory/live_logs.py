"""The port `LiveLogs` of the store in memory."""

from collections.abc import Hashable, Mapping, Sequence
from uuid import UUID

from attrs import evolve

from adapters.memory.rows import ExecutionRow
from application.ports.live_logs import LogPart
from domain.execution import Running
from domain.outcome import Logs


class MemoryLiveLogs:
    """The logs of running executions: their parts are in the rows, which lose them with the claim."""

    def __init__(self, kept: dict[UUID, ExecutionRow]) -> None:
        self._kept = kept

    async def append(self, parts: Sequence[LogPart]) -> frozenset[UUID]:
        held = [part for part in parts if self._is_held(part.running)]
        for part in held:
            row = self._kept[part.running.submission.id]
            self._kept[part.running.submission.id] = evolve(row, live={**row.live, part.first_line: part.logs})
        return frozenset(part.running.claim.id for part in held)

    async def read(self, running: Running) -> Logs | None:
        return self._kept[running.submission.id].live_log if self._is_held(running) else None

    async def ends(self, execution_ids: Sequence[UUID]) -> Mapping[UUID, Hashable]:
        rows = [(one, self._kept[one]) for one in execution_ids if one in self._kept]
        return {one: (row.execution, row.live_log) for one, row in rows if row.live}

    async def purge(self) -> None:
        pass

    def _is_held(self, running: Running) -> bool:
        row = self._kept.get(running.submission.id)
        return row is not None and isinstance(row.execution, Running) and row.execution.claim == running.claim
