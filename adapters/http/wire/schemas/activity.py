"""Wire schemas of the activity of scripts."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge

from adapters.http.wire.schemas.metadata import describe
from domain.execution import State
from domain.outcome import ErrorKind

_SINCE: Final = "2026-11-22T14:00:00.000000Z"
_UNTIL: Final = "2026-11-23T13:41:00.000000Z"


@frozen(kw_only=True)
class ActivityBucket:
    """Counts of the executions that ended in a part of the period."""

    start: datetime = field(metadata=describe("Beginning of the part; it ends where the next one begins.", _SINCE))
    executions: int = field(validator=ge(0), metadata=describe("Executions that ended.", 42))
    failed: int = field(validator=ge(0), metadata=describe("Those that failed and were not cancelled.", 1))


@frozen(kw_only=True)
class LatestExecution:
    """The execution of a script that was submitted last."""

    id: UUID = field(metadata=describe("Execution id.", "0199c5f3-10aa-7b02-8c11-5d6e7f8091a2"))
    version: int = field(validator=ge(1), metadata=describe("Number of the version that it runs.", 3))
    status: State = field(metadata=describe("Status.", "succeeded"))
    submitted_at: datetime = field(metadata=describe("Time of submission.", _UNTIL))
    finished_at: datetime | None = field(metadata=describe("Time of its end; null before that.", _UNTIL))
    error_kind: ErrorKind | None = field(metadata=describe("Kind of its failure; null without one.", "script_error"))


@frozen(kw_only=True)
class ScriptActivity:
    """Activity of a script in a period, without replays. An execution counts at the time at which it ended."""

    since: datetime = field(metadata=describe("Beginning of the period, and of its first bucket.", _SINCE))
    until: datetime = field(metadata=describe("End of the period: the time of the response.", _UNTIL))
    executions: int = field(validator=ge(0), metadata=describe("Executions that ended in the period.", 42))
    failed: int = field(validator=ge(0), metadata=describe("Those that failed and were not cancelled.", 1))
    cancelled: int = field(validator=ge(0), metadata=describe("Those that were cancelled.", 0))
    p95_ms: float | None = field(
        metadata=describe(
            "Duration in milliseconds that 95 % of the runs did not exceed, to within 4.5 %; null without runs.", 5.2
        )
    )
    buckets: tuple[ActivityBucket, ...] = field(
        metadata=describe("Parts of the period, equally long, oldest first; the last one is not over.")
    )
    last: LatestExecution | None = field(
        metadata=describe("The latest submission, also before the period; null if there is no record of any.")
    )
