"""The port `LiveLogs` of the store in memory."""

from collections.abc import Sequence
from uuid import UUID

from adapters.memory.rows import ExecutionRow
from application.ports.live_logs import LogPart
from domain.execution import Running
from domain.outcome import Logs


class MemoryLiveLogs:
    """The logs of running executions: the parts of each claim by their first lines."""

    def __init__(self, kept: dict[UUID, ExecutionRow]) -> None:
        self._kept = kept
        self._parts: dict[UUID, dict[int, LogPart]] = {}

    async def append(self, parts: Sequence[LogPart]) -> frozenset[UUID]:
        held = [part for part in parts if self._is_held(part.running)]
        for part in held:
            self._parts.setdefault(part.running.claim.id, {})[part.first_line] = part
        return frozenset(part.running.claim.id for part in held)

    async def read(self, running: Running) -> Logs | None:
        if not self._is_held(running):
            return None
        parts = [part.logs for _, part in sorted(self._parts.get(running.claim.id, {}).items())]
        lines = tuple(line for logs in parts for line in logs.lines)
        return Logs(lines, truncated=bool(parts) and parts[-1].truncated)

    async def purge(self) -> None:
        self._parts = {
            claim_id: parts
            for claim_id, parts in self._parts.items()
            if any(self._is_held(part.running) for part in parts.values())
        }

    def _is_held(self, running: Running) -> bool:
        row = self._kept.get(running.submission.id)
        return row is not None and isinstance(row.execution, Running) and row.execution.claim == running.claim
