"""Wire schemas of the audit trail."""

from datetime import datetime
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, optional

from adapters.http.wire.schemas.metadata import about
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID
from domain.audit import Action


@frozen(kw_only=True)
class AuditEntry:
    """An audit record. The ids that are not null identify its objects."""

    at: datetime = field(metadata=about("Time of the event.", MOMENT))
    action: Action = field(metadata=about("Action that was performed.", "submitted"))
    key_id: UUID | None = field(metadata=about("API key that performed the action; null if none was needed."))
    request_id: str | None = field(
        metadata=about("`X-Request-Id` of the response, which the caller may have chosen; null for the command line.")
    )
    server_request_id: UUID | None = field(
        metadata=about("Request id assigned by the service; null for the command line and in older records.")
    )
    script_id: UUID | None = field(metadata=about("Script concerned.", SCRIPT_ID))
    version: int | None = field(validator=optional(ge(1)), metadata=about("Number of the script version concerned.", 3))
    execution_id: UUID | None = field(metadata=about("Execution concerned."))
    api_key_id: UUID | None = field(metadata=about("API key that was created or revoked."))


@frozen(kw_only=True)
class AuditList:
    """A page of the audit trail, newest first."""

    items: tuple[AuditEntry, ...] = field(metadata=about("Records of this page."))
    next_cursor: str | None = field(metadata=about("Cursor of the next page; null on the last page."))
