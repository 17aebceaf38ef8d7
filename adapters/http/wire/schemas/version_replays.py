"""Wire schemas of replays of past executions on a version."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import and_, ge, le, max_len, min_len, optional

from adapters.http.wire.schemas.collections import DistinctItems, KeyColumns
from adapters.http.wire.schemas.comparisons import ColumnComparison, RowCounts
from adapters.http.wire.schemas.executions import EXECUTION_ID
from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.queries import MAX_VERSION_NUMBER
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID
from domain.notes import MAX_NOTE_CHARACTERS
from domain.replayed_executions import ReplayOutcome, ReplayReason
from domain.version_replays import MOST_EXECUTIONS, ReplayStatus

REPLAY_ID: Final = "0199c600-1b20-7d4e-a1c8-3f5e7a9b1c2d"
REPLAYED_ID: Final = "0199c600-1b21-7a0c-8e4d-5b6c7d8e9fa0"
_HREF: Final = f"/v1/scripts/{SCRIPT_ID}/versions/3/replays/{REPLAY_ID}"


@frozen(kw_only=True)
class NewReplayTolerance(RequestModel):
    """Differences of numbers that count as none: either bound suffices."""

    absolute: Decimal | None = field(
        default=None,
        validator=optional(ge(Decimal(0))),
        metadata=describe("Largest difference of two numbers that are equal nevertheless; 0 if omitted.", 0.01),
    )
    relative: Decimal | None = field(
        default=None,
        validator=optional(ge(Decimal(0))),
        metadata=describe("The same, in proportion to the larger magnitude of the two; 0 if omitted.", 0.000001),
    )


@frozen(kw_only=True)
class NewReplay(RequestModel):
    """The past executions to run on the version, either named or the latest ones, and how to compare the results."""

    executions: tuple[UUID, ...] | None = field(
        default=None,
        validator=optional(and_(min_len(1), max_len(MOST_EXECUTIONS), DistinctItems())),
        metadata=describe("Ids of executions of the script. Either this or `last` is required.", [EXECUTION_ID]),
    )
    last: int | None = field(
        default=None,
        validator=optional([ge(1), le(MOST_EXECUTIONS)]),
        metadata=describe(
            "Number of the script's latest finished executions with content that repeat no other one.", 50
        ),
    )
    since: datetime | None = field(
        default=None, metadata=describe("With `last`: only executions submitted at or after this time.", MOMENT)
    )
    of_version: int | None = field(
        default=None,
        validator=optional([ge(1), le(MAX_VERSION_NUMBER)]),
        metadata=describe("With `last`: only executions of the version with this number.", 2),
    )
    key: tuple[str, ...] | None = field(
        default=None,
        validator=optional(KeyColumns()),
        metadata=describe(
            "Columns that identify a row. If omitted, a small set that is unique in both results, for each "
            "execution; without one, rows are matched by position.",
            ["quarter"],
        ),
    )
    tolerance: NewReplayTolerance = field(
        factory=NewReplayTolerance, metadata=describe("Differences of numbers that count as none.")
    )


@frozen(kw_only=True)
class NewAcceptance(RequestModel):
    """The reason why the differences of a replay are accepted."""

    note: str = field(
        validator=max_len(MAX_NOTE_CHARACTERS),
        metadata=describe("Reason for accepting the differences; not blank.", "The total now includes fees."),
    )


@frozen(kw_only=True)
class ReplaySelection:
    """The executions as they were requested."""

    executions: tuple[UUID, ...] | None = field(
        metadata=describe("Ids that were named; omitted for `last`.", absent=True)
    )
    last: int | None = field(metadata=describe("Number of latest executions; omitted if ids were named.", absent=True))
    since: datetime | None = field(metadata=describe("Earliest submission, if one was named.", absent=True))
    of_version: int | None = field(metadata=describe("Version, if one was named.", absent=True))


@frozen(kw_only=True)
class ReplayTolerance:
    """Differences of numbers that count as none."""

    absolute: Decimal = field(metadata=describe("Largest difference of two numbers that are equal nevertheless.", 0))
    relative: Decimal = field(metadata=describe("The same, in proportion to the larger magnitude of the two.", 0))


@frozen(kw_only=True)
class ReplayExecutions:
    """Numbers of executions by their outcome. Those that are not `done` have none yet."""

    total: int = field(validator=ge(0), metadata=describe("Executions of the replay.", 3))
    done: int = field(validator=ge(0), metadata=describe("Executions whose outcome is known.", 3))
    equal: int = field(
        validator=ge(0), metadata=describe("Same result, within the tolerance, or same kind and message of error.", 2)
    )
    changed: int = field(validator=ge(0), metadata=describe("Another result, or another error.", 1))
    now_failing: int = field(validator=ge(0), metadata=describe("The original succeeded, its replay failed.", 0))
    now_succeeding: int = field(validator=ge(0), metadata=describe("The original failed, its replay succeeded.", 0))
    skipped: int = field(validator=ge(0), metadata=describe("Originals that could not be run again.", 0))
    incomplete: int = field(validator=ge(0), metadata=describe("Replays that could not be compared.", 0))


@frozen(kw_only=True)
class ReplayAcceptance:
    """The acceptance of a replay's differences."""

    at: datetime = field(metadata=describe("Time of the acceptance.", MOMENT))
    by: str | None = field(metadata=describe("Name of the API key; null if none was needed.", "ana"))
    note: str = field(metadata=describe("Its reason.", "The total now includes fees."))


@frozen(kw_only=True)
class VersionReplay:
    """A replay of past executions on a version: its progress, and the sum of its outcomes."""

    id: UUID = field(metadata=describe("Id of the replay.", REPLAY_ID))
    script_id: UUID = field(metadata=describe("Id of the script.", SCRIPT_ID))
    script_name: str = field(metadata=describe("Name of the script.", "corporate-cards"))
    version: int = field(validator=ge(1), metadata=describe("Number of the version that runs the datasets.", 3))
    status: ReplayStatus = field(metadata=describe("State of the replay.", "finished"))
    created_at: datetime = field(metadata=describe("Time of the request.", MOMENT))
    created_by: str | None = field(metadata=describe("Name of the API key; null if none was needed.", "ana"))
    finished_at: datetime | None = field(metadata=describe("Time of the end; null before.", MOMENT))
    selection: ReplaySelection = field(metadata=describe("Executions as they were requested."))
    key: tuple[str, ...] | None = field(
        metadata=describe("Columns that identify a row, as requested; null if a key is proposed for each execution.")
    )
    tolerance: ReplayTolerance = field(metadata=describe("Differences of numbers that count as none."))
    executions: ReplayExecutions = field(metadata=describe("Numbers of executions by outcome."))
    rows: RowCounts = field(metadata=describe("Rows of all results that were compared row by row."))
    columns: tuple[ColumnComparison, ...] | None = field(
        metadata=describe(
            "Columns of the results that changed and are still stored, at most 1000, added up; null in lists, and "
            "before the replay has finished."
        )
    )
    has_differences: bool = field(
        metadata=describe(
            "True if an execution is `changed`, `now_failing`, `now_succeeding` or `incomplete`, so far.", True
        )
    )
    acceptance: ReplayAcceptance | None = field(metadata=describe("Acceptance of the differences; null without one."))
    differences: str = field(metadata=describe("Path of the differences.", f"{_HREF}/differences"))


@frozen(kw_only=True)
class VersionReplayList:
    """A page of the replays on a version, newest first."""

    items: tuple[VersionReplay, ...] = field(metadata=describe("Replays of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))


@frozen(kw_only=True)
class ReplayedExecution:
    """One execution of a replay, and its outcome."""

    number: int = field(validator=ge(0), metadata=describe("Number in the replay, from 0.", 0))
    original_id: UUID = field(metadata=describe("Id of the past execution.", EXECUTION_ID))
    execution_id: UUID = field(
        metadata=describe(
            "Id of the execution that repeats it on the version; there is none before its turn, nor if it is skipped.",
            REPLAYED_ID,
        )
    )
    outcome: ReplayOutcome | None = field(metadata=describe("Outcome; null before it is known.", "changed"))
    reason: ReplayReason | None = field(
        metadata=describe("Reason why it is `skipped` or `incomplete`; otherwise null.")
    )
    detail: str | None = field(metadata=describe("More about the reason, or about differences that are not stored."))
    rows: RowCounts | None = field(
        metadata=describe("Rows of the two results; null unless they were compared row by row.")
    )


@frozen(kw_only=True)
class ReplayedExecutionList:
    """A page of the executions of a replay, by their numbers."""

    items: tuple[ReplayedExecution, ...] = field(metadata=describe("Executions of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
