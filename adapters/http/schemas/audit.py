"""The audit trail on the wire."""

from datetime import datetime
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, optional

from adapters.http.schemas.describing import about
from adapters.http.schemas.scripts import MOMENT, SCRIPT_ID
from domain.audit import Action


@frozen(kw_only=True)
class AuditEntry:
    """One deed. What it was done to are those of the ids that are not null."""

    at: datetime = field(metadata=about("When it was done.", MOMENT))
    action: Action = field(metadata=about("What was done.", "submitted"))
    key_id: UUID | None = field(metadata=about("The API key that did it; null if none was needed."))
    request_id: str | None = field(
        metadata=about("The `X-Request-Id` of the answer, which the caller may have chosen; null for the command line.")
    )
    server_request_id: UUID | None = field(
        metadata=about("The id that the service gave the request; null for the command line, and in older entries.")
    )
    script_id: UUID | None = field(metadata=about("A script.", SCRIPT_ID))
    version: int | None = field(validator=optional(ge(1)), metadata=about("The number of one of its versions.", 3))
    execution_id: UUID | None = field(metadata=about("An execution of that version."))
    api_key_id: UUID | None = field(metadata=about("The API key that was made or revoked."))


@frozen(kw_only=True)
class AuditList:
    """A page of the audit trail, newest first."""

    items: tuple[AuditEntry, ...] = field(metadata=about("The page."))
    next_cursor: str | None = field(metadata=about("Leads to the next page, if there is one."))
