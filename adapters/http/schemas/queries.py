"""The query strings that operations take. A parameter that the class does not have is refused."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, le, matches_re, optional

from adapters.http.schemas.describing import about
from domain.audit import Action
from domain.engine import EngineName
from domain.execution import State
from domain.script import NAME_PATTERN

MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50
MAX_VERSION_NUMBER: Final = 999_999_999
"""Every number of up to nine digits fits any store's integer; no script gets that far."""


@frozen(kw_only=True)
class NoQuery:
    """No parameter at all."""


@frozen(kw_only=True)
class PageQuery:
    """Which part of a list is wanted."""

    limit: int = field(
        default=DEFAULT_PAGE, validator=[ge(1), le(MAX_PAGE)], metadata=about("How many items a page has at most.", 50)
    )
    cursor: str | None = field(
        default=None, metadata=about("`next_cursor` of the page before; without it the list begins at the newest item.")
    )


@frozen(kw_only=True)
class RevisionUploadQuery:
    """What goes with a source that is sent as a file."""

    engine: EngineName | None = field(
        default=None,
        metadata=about(
            "The version's engine; for a file upload only. Without it the service's default, as in a document.",
            "quickjs-ng",
        ),
    )


@frozen(kw_only=True)
class UploadQuery(RevisionUploadQuery):
    """What goes with a source that is sent as a file, and begins a script."""

    name: str | None = field(
        default=None,
        validator=optional(matches_re(NAME_PATTERN)),
        metadata=about("The script's name; for a file upload only, where it is required.", "corporate-cards"),
    )


@frozen(kw_only=True)
class ExecutionsQuery(PageQuery):
    """Which executions a list shows, and which part of them."""

    script: str | None = field(
        default=None, metadata=about("Only of the script of this id or name.", "corporate-cards")
    )
    version: int | None = field(
        default=None,
        validator=optional([ge(1), le(MAX_VERSION_NUMBER)]),
        metadata=about("Only of versions of this number.", 3),
    )
    status: State | None = field(default=None, metadata=about("Only with this status.", "succeeded"))
    submitted_from: datetime | None = field(
        default=None, metadata=about("Only submitted at this time or later.", "2026-11-23T00:00:00Z")
    )
    submitted_to: datetime | None = field(
        default=None, metadata=about("Only submitted before this time.", "2026-11-24T00:00:00Z")
    )


@frozen(kw_only=True)
class AuditQuery(PageQuery):
    """Which deeds a list shows, and which part of them."""

    action: Action | None = field(default=None, metadata=about("Only of this kind.", "submitted"))
    key: UUID | None = field(default=None, metadata=about("Only those of the API key of this id."))
    script: str | None = field(
        default=None, metadata=about("Only to the script of this id or name.", "corporate-cards")
    )
    execution: UUID | None = field(default=None, metadata=about("Only to the execution of this id."))
    at_from: datetime | None = field(
        default=None, metadata=about("Only done at this time or later.", "2026-11-23T00:00:00Z")
    )
    at_to: datetime | None = field(default=None, metadata=about("Only done before this time.", "2026-11-24T00:00:00Z"))
