"""Schemas of query strings. Unknown parameters are refused."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, le, matches_re, max_len, optional

from adapters.http.language import Language
from adapters.http.wire.schemas.circumstances import ClockInRange, HexSeed
from adapters.http.wire.schemas.executions import BATCH_ID, SEED
from adapters.http.wire.schemas.log_position import LOG_POSITION, PositionForm
from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import MOMENT
from domain.activity import Period
from domain.audit import Action
from domain.deliveries import DeliveryStatus
from domain.engine import EngineName
from domain.execution import State
from domain.jobs import JobStatus
from domain.notes import MAX_NOTE_CHARACTERS
from domain.partitions import PartitionState
from domain.script import NAME_PATTERN

MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50
MAX_LINE_NUMBER: Final = 999_999_999
"""More lines than any batch has: a client that asks for those after the last one gets none."""
MAX_VERSION_NUMBER: Final = 999_999_999
"""Any number of up to nine digits fits a 32-bit integer column; no script has that many versions."""


@frozen(kw_only=True)
class NoQuery:
    """No parameters."""


@frozen(kw_only=True)
class SubmissionQuery:
    """The circumstances of a run, where they are to be other than derived."""

    clock: datetime | None = field(
        default=None,
        validator=optional(ClockInRange()),
        metadata=describe(
            "Time that the script sees throughout the run, from 1970 to 9999, with fractions of milliseconds dropped; "
            "the time of the submission if omitted. In a URL, encode `+` as `%2B`.",
            MOMENT,
        ),
    )
    seed: str | None = field(
        default=None,
        validator=optional(HexSeed()),
        metadata=describe(
            "Seed of the script's random numbers, 32 hexadecimal digits; derived from dataset and clock if omitted.",
            SEED,
        ),
    )


@frozen(kw_only=True)
class LanguageQuery:
    """Choice of a language."""

    lang: Language | None = field(
        default=None, metadata=describe("Language of the page; that of Accept-Language if omitted.", "pt")
    )


@frozen(kw_only=True)
class LogQuery:
    """The part of a log that is sent."""

    after: str | None = field(
        default=None,
        validator=optional(PositionForm()),
        metadata=describe("`position` of an earlier response: only the lines behind it are sent.", LOG_POSITION),
    )


@frozen(kw_only=True)
class PageQuery:
    """Paging of a list."""

    limit: int = field(
        default=DEFAULT_PAGE,
        validator=[ge(1), le(MAX_PAGE)],
        metadata=describe("Maximum number of items per page.", 50),
    )
    cursor: str | None = field(
        default=None, metadata=describe("`next_cursor` of the previous page; omit it to start at the newest item.")
    )


@frozen(kw_only=True)
class ScriptsQuery(PageQuery):
    """Paging for the list of scripts, and the period of their activity."""

    activity: Period | None = field(
        default=None,
        metadata=describe("Period that ends now, for which each script has its `activity`; none if omitted.", "24h"),
    )


@frozen(kw_only=True)
class VersionsQuery(PageQuery):
    """Paging for the list of a script's versions, and whether it has their use."""

    usage: bool = field(
        default=False,
        metadata=describe("Also the `usage` of each version: its executions, and the script's tests on it."),
    )


@frozen(kw_only=True)
class AliasesQuery:
    """Choice of the gate beside the list of a script's aliases."""

    gate: bool = field(
        default=False, metadata=describe("Also the `gate` of the script, which has no 404 here if there is none.")
    )


@frozen(kw_only=True)
class ObjectsQuery(PageQuery):
    """Folder and paging for the list of a store's objects."""

    prefix: str = field(
        default="", metadata=describe("Folder whose objects are listed, e.g. `in/`; all if omitted.", "in/")
    )


@frozen(kw_only=True)
class DeliveriesQuery(PageQuery):
    """Filter and paging for the list of a webhook's deliveries."""

    status: DeliveryStatus | None = field(
        default=None, metadata=describe("Only deliveries with this status.", "exhausted")
    )


@frozen(kw_only=True)
class RevisionUploadQuery:
    """Parameters of a source uploaded as a file."""

    engine: EngineName | None = field(
        default=None,
        metadata=describe(
            "JavaScript engine of the version, for file uploads only; the service's default if omitted.",
            "quickjs-ng",
        ),
    )
    note: str | None = field(
        default=None,
        validator=optional(max_len(MAX_NOTE_CHARACTERS)),
        metadata=describe("Note about the changes, for file uploads only.", "Refunds count as negative amounts"),
    )


class TestsPolicy(StrEnum):
    """Role of the script's tests in the creation of a version."""

    REQUIRED = "required"


@frozen(kw_only=True)
class RevisionQuery(RevisionUploadQuery):
    """Parameters of the creation of a version."""

    tests: TestsPolicy | None = field(
        default=None,
        metadata=describe(
            "`required`: the version is stored only if it passes all tests of the script. If omitted, it is stored, "
            "and the tests are run afterwards.",
            "required",
        ),
    )


@frozen(kw_only=True)
class UploadQuery(RevisionUploadQuery):
    """Parameters of a source uploaded as a file that creates a script."""

    name: str | None = field(
        default=None,
        validator=optional(matches_re(NAME_PATTERN)),
        metadata=describe("Script name; required for, and limited to, file uploads.", "corporate-cards"),
    )


@frozen(kw_only=True)
class DiffQuery:
    """Choice of the version to compare with."""

    against: int | None = field(
        default=None,
        validator=optional([ge(1), le(MAX_VERSION_NUMBER)]),
        metadata=describe("Number of the version to compare with; the previous one if omitted.", 2),
    )


@frozen(kw_only=True)
class ExecutionsQuery(PageQuery):
    """Filters and paging for the list of executions."""

    script: str | None = field(
        default=None, metadata=describe("Only executions of this script (id or name).", "corporate-cards")
    )
    version: int | None = field(
        default=None,
        validator=optional([ge(1), le(MAX_VERSION_NUMBER)]),
        metadata=describe("Only executions of versions with this number.", 3),
    )
    status: State | None = field(default=None, metadata=describe("Only executions with this status.", "succeeded"))
    submitted_from: datetime | None = field(
        default=None, metadata=describe("Only executions submitted at or after this time.", "2026-11-23T00:00:00Z")
    )
    submitted_to: datetime | None = field(
        default=None, metadata=describe("Only executions submitted before this time.", "2026-11-24T00:00:00Z")
    )
    replays: bool = field(
        default=False,
        metadata=describe("Also executions that repeat another one (replays), which are left out otherwise."),
    )
    replay_of: UUID | None = field(
        default=None,
        metadata=describe("Only replays of the execution of this id.", "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"),
    )
    input_of: UUID | None = field(
        default=None,
        metadata=describe(
            "Only executions that were submitted over the stored dataset of the execution of this id.",
            "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2",
        ),
    )
    batch: UUID | None = field(
        default=None,
        metadata=describe("Only executions of the batch of this id.", BATCH_ID),
    )


@frozen(kw_only=True)
class BatchesQuery(PageQuery):
    """Filters and paging for the list of batches."""

    script: str | None = field(
        default=None, metadata=describe("Only batches of this script (id or name).", "corporate-cards")
    )
    version: int | None = field(
        default=None,
        validator=optional([ge(1), le(MAX_VERSION_NUMBER)]),
        metadata=describe("Only batches of versions with this number.", 3),
    )


@frozen(kw_only=True)
class JobsQuery(PageQuery):
    """Filters and paging for the list of jobs."""

    script: str | None = field(
        default=None, metadata=describe("Only jobs of this script (id or name).", "corporate-cards")
    )
    status: JobStatus | None = field(default=None, metadata=describe("Only jobs with this status.", "running"))


@frozen(kw_only=True)
class JobPartitionsQuery(PageQuery):
    """Filter and paging for the list of a job's partitions."""

    state: PartitionState | None = field(default=None, metadata=describe("Only partitions in this state.", "failed"))


@frozen(kw_only=True)
class BatchResultsQuery:
    """The lines of a batch whose results are sent."""

    after_line: int = field(
        default=0,
        validator=[ge(0), le(MAX_LINE_NUMBER)],
        metadata=describe("Only lines after the one with this number, to continue a response that broke off.", 1_200),
    )
    status: State | None = field(
        default=None, metadata=describe("Only lines whose execution has this status.", "failed")
    )


@frozen(kw_only=True)
class AuditQuery(PageQuery):
    """Filters and paging for the audit log."""

    action: Action | None = field(default=None, metadata=describe("Only this action.", "submitted"))
    key: UUID | None = field(default=None, metadata=describe("Only actions performed with the API key of this id."))
    script: str | None = field(
        default=None, metadata=describe("Only actions on this script (id or name).", "corporate-cards")
    )
    execution: UUID | None = field(default=None, metadata=describe("Only actions on the execution of this id."))
    at_from: datetime | None = field(
        default=None, metadata=describe("Only actions at or after this time.", "2026-11-23T00:00:00Z")
    )
    at_to: datetime | None = field(
        default=None, metadata=describe("Only actions before this time.", "2026-11-24T00:00:00Z")
    )
