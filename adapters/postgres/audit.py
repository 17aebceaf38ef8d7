"""The port `AuditTrail` on PostgreSQL. Events that change something are written by the statements that change it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import asdict

from adapters.postgres.connections import Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.queries import query
from application.ports.access import AuditFilter
from domain.audit import Action, Actor, AuditEvent, AuditRecord


class PostgresAudit:
    """The trail in its table, which refuses to be changed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, deeds: Sequence[tuple[datetime, AuditEvent]]) -> None:
        rows = [audit_event_columns(deed) | {"at": at} for at, deed in deeds]
        async with connection(self._pool) as conn:
            await conn.execute(query("add_deeds"), {name: [row[name] for row in rows] for name in rows[0]})

    @repeated_if_lost
    async def page(self, wanted: AuditFilter, before: int | None, limit: int) -> Sequence[AuditRecord]:
        parameters: dict[str, Any] = asdict(wanted) | {"before": before, "limit": limit}
        async with connection(self._pool) as conn, planned_by_values(conn):
            rows = await (await conn.execute(query("audit_page"), parameters)).fetchall()
        return [_recorded_from(row) for row in rows]


def audit_event_columns(deed: AuditEvent) -> dict[str, Any]:
    """Map an audit event to its columns."""
    columns = asdict(deed, filter=lambda member, _: member.name != "actor")
    return columns | asdict(deed.actor)


def _recorded_from(row: Row) -> AuditRecord:
    deed = AuditEvent(
        action=Action(row["action"]),
        actor=Actor(row["key_id"], row["request_id"], row["server_request_id"]),
        script_id=row["script_id"],
        version=row["version"],
        execution_id=row["execution_id"],
        api_key_id=row["api_key_id"],
    )
    names = {name: row[name] for name in ("script_name", "key_name", "api_key_name")}
    return AuditRecord(row["id"], row["at"], deed, **names)
