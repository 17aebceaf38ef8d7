"""The port `AuditTrail` of the store in memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import evolve

from application.ports.access import AuditFilter
from application.ports.system import Clock
from domain.audit import AuditEvent, AuditRecord


class MemoryAudit:
    """The port `AuditTrail`, and for the other ports of the store `record`, and the `names` of scripts and keys."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._trail: list[AuditRecord] = []
        self.names: Final[dict[UUID | None, str]] = {}

    def record(self, deed: AuditEvent) -> None:
        """Append a record of an event that happens now."""
        self._trail.append(AuditRecord(len(self._trail) + 1, self._clock(), deed))

    async def add(self, deeds: Sequence[tuple[datetime, AuditEvent]]) -> None:
        for at, deed in deeds:
            self._trail.append(AuditRecord(len(self._trail) + 1, at, deed))

    async def page(self, wanted: AuditFilter, before: int | None, limit: int) -> Sequence[AuditRecord]:
        shown = (one for one in reversed(self._trail) if before is None or one.number < before)
        return [self._named(one) for one in shown if _shows(wanted, one)][:limit]

    def _named(self, record: AuditRecord) -> AuditRecord:
        event, names = record.event, self.names
        return evolve(
            record,
            script_name=names.get(event.script_id),
            key_name=names.get(event.actor.key_id),
            api_key_name=names.get(event.api_key_id),
        )


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
