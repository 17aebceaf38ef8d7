"""The port `AuditTrail` of the store in memory."""

from collections.abc import Sequence
from datetime import datetime

from application.ports.access import AuditFilter
from application.ports.system import Clock
from domain.audit import AuditEvent, AuditRecord


class MemoryAudit:
    """The port `AuditTrail`, and `record` for the other ports of the store."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._trail: list[AuditRecord] = []

    def record(self, deed: AuditEvent) -> None:
        """Append a record of an event that happens now."""
        self._trail.append(AuditRecord(len(self._trail) + 1, self._clock(), deed))

    async def add(self, deeds: Sequence[tuple[datetime, AuditEvent]]) -> None:
        for at, deed in deeds:
            self._trail.append(AuditRecord(len(self._trail) + 1, at, deed))

    async def page(self, wanted: AuditFilter, before: int | None, limit: int) -> Sequence[AuditRecord]:
        shown = (one for one in reversed(self._trail) if before is None or one.number < before)
        return [one for one in shown if _shows(wanted, one)][:limit]


def _shows(wanted: AuditFilter, recorded: AuditRecord) -> bool:
    deed = recorded.event
    return (
        wanted.action in (None, deed.action)
        and wanted.key in (None, deed.actor.key_id)
        and wanted.script in (None, deed.script_id)
        and wanted.execution in (None, deed.execution_id)
        and (wanted.at_from is None or recorded.at >= wanted.at_from)
        and (wanted.at_to is None or recorded.at < wanted.at_to)
    )
