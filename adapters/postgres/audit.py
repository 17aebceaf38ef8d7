"""The port `AuditTrail` on PostgreSQL. Events that change something are written by the statements that change it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from attrs import asdict, fields

from adapters.postgres.connections import Pool, Row, connection, planned_by_values, repeated_if_lost
from adapters.postgres.queries import query
from application.ports.access import AuditFilter
from domain.audit import Action, Actor, AuditEvent, AuditRecord

_ACTOR: Final = tuple(one.name for one in fields(Actor))
_EVENT: Final = tuple(one.name for one in fields(AuditEvent) if one.name != "actor")


class PostgresAudit:
    """The trail in its table, which refuses to be changed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, deeds: Sequence[tuple[datetime, AuditEvent]]) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(query("add_deeds"), _columns(deeds))

    @repeated_if_lost
    async def page(self, wanted: AuditFilter, before: int | None, limit: int) -> Sequence[AuditRecord]:
        parameters: dict[str, Any] = asdict(wanted) | {"before": before, "limit": limit}
        async with connection(self._pool) as conn, planned_by_values(conn):
            rows = await (await conn.execute(query("audit_page"), parameters)).fetchall()
        return [_recorded_from(row) for row in rows]


def _columns(deeds: Sequence[tuple[datetime, AuditEvent]]) -> dict[str, list[Any]]:
    events = [event for _, event in deeds]
    columns: dict[str, list[Any]] = {"at": [at for at, _ in deeds]}
    columns |= {name: [getattr(event, name) for event in events] for name in _EVENT}
    return columns | {name: [getattr(event.actor, name) for event in events] for name in _ACTOR}


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
        alias=row["alias"],
        test=row["test"],
        replay_id=row["replay_id"],
        batch_id=row["batch_id"],
        webhook_id=row["webhook_id"],
        job_id=row["job_id"],
        object_url=row["object_url"],
    )
    names = {name: row[name] for name in ("script_name", "key_name", "api_key_name")}
    return AuditRecord(row["id"], row["at"], deed, **names)
