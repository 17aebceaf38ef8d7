"""Wire schemas of the audit trail."""

from datetime import datetime
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, optional

from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID
from domain.audit import Action


@frozen(kw_only=True)
class AuditEntry:
    """An audit record. The ids that are not null identify its objects."""

    at: datetime = field(metadata=describe("Time of the event.", MOMENT))
    action: Action = field(metadata=describe("Action that was performed.", "submitted"))
    key_id: UUID | None = field(metadata=describe("API key that performed the action; null if none was needed."))
    key_name: str | None = field(metadata=describe("Name of that API key; null if none was needed.", "ingestion"))
    request_id: str | None = field(
        metadata=describe(
            "`X-Request-Id` of the response, which the caller may have chosen; null for the command line."
        )
    )
    server_request_id: UUID | None = field(
        metadata=describe("Request id assigned by the service; null for the command line and in older records.")
    )
    script_id: UUID | None = field(metadata=describe("Script concerned.", SCRIPT_ID))
    script_name: str | None = field(metadata=describe("Name of that script.", "corporate-cards"))
    version: int | None = field(
        validator=optional(ge(1)), metadata=describe("Number of the script version concerned.", 3)
    )
    execution_id: UUID | None = field(metadata=describe("Execution concerned."))
    api_key_id: UUID | None = field(metadata=describe("API key that was created or revoked."))
    api_key_name: str | None = field(metadata=describe("Name of that API key."))
    alias: str | None = field(metadata=describe("Name of the alias that was moved or removed."))
    test: str | None = field(metadata=describe("Name of the test that was written or removed."))
    replay_id: UUID | None = field(metadata=describe("Replay on a version that was started, read or accepted."))
    batch_id: UUID | None = field(metadata=describe("Batch that was submitted, cancelled, read or removed."))
    webhook_id: UUID | None = field(metadata=describe("Webhook concerned."))
    job_id: UUID | None = field(metadata=describe("Job that was submitted, cancelled, tried again or removed."))
    object_url: str | None = field(metadata=describe("URL of the object of a store that was written, read or deleted."))


@frozen(kw_only=True)
class AuditList:
    """A page of the audit trail, newest first."""

    items: tuple[AuditEntry, ...] = field(metadata=describe("Records of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
