"""Representations of the audit trail: the shape of a record, and the trail as CSV with the same members."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from attrs import fields

from adapters.http.responses.csv_rows import csv_line
from adapters.http.wire.converter import unstructure
from adapters.http.wire.schemas.audit import AuditEntry
from domain.audit import AuditRecord

_COLUMNS: Final = tuple(one.name for one in fields(AuditEntry))
CSV_HEAD: Final = csv_line(_COLUMNS)


def audit_entry(recorded: AuditRecord) -> AuditEntry:
    """Build the shape of a record."""
    deed = recorded.event
    return AuditEntry(
        at=recorded.at,
        action=deed.action,
        key_id=deed.actor.key_id,
        key_name=recorded.key_name,
        request_id=deed.actor.request_id,
        server_request_id=deed.actor.server_request_id,
        script_id=deed.script_id,
        script_name=recorded.script_name,
        version=deed.version,
        execution_id=deed.execution_id,
        api_key_id=deed.api_key_id,
        alias=deed.alias,
        test=deed.test,
        replay_id=deed.replay_id,
        batch_id=deed.batch_id,
        webhook_id=deed.webhook_id,
        job_id=deed.job_id,
        object_url=deed.object_url,
        api_key_name=recorded.api_key_name,
    )


async def csv_pieces(pages: AsyncIterator[Sequence[AuditRecord]]) -> AsyncIterator[bytes]:
    """Write the trail as CSV, a piece for each page. The first one has the names of the columns."""
    head = CSV_HEAD
    async for page in pages:
        yield (head + "".join(entry_line(unstructure(audit_entry(one))) for one in page)).encode()
        head = ""
    if head:
        yield head.encode()


def entry_line(members: Mapping[str, Any]) -> str:
    """Write the row of a record from the members of its JSON."""
    return csv_line(members[name] for name in _COLUMNS)
