"""The executions of a replay on a version: which originals can be replayed, and the outcome of each of them.

An outcome follows from the records of two finished executions, unless both succeeded with different digests: then the
results decide, which are compared elsewhere.
"""

from enum import StrEnum
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from domain.comparison.report import (
    ComparisonRefused,
    ComparisonStopped,
    KeyNotUnique,
    KeyNotUsable,
    NotTables,
    ResultComparison,
    StopReason,
    TableComparison,
    ValueComparison,
)
from domain.execution import Execution, Failed, Finished, Pending, Running, Succeeded
from domain.outcome import ErrorKind, is_same_failure
from domain.recorded import recorded_error_sha256
from domain.replay_sums import RowCounts
from domain.reproduction import run_of
from domain.text_limits import sanitize

MAX_DETAIL_CHARACTERS: Final = 300


class ReplayOutcome(StrEnum):
    """The outcome of one execution of a replay. The values are part of the wire format and the database schema.

    `SKIPPED`: the original was not run again. `INCOMPLETE`: it was, and the two cannot be compared.
    """

    EQUAL = "equal"
    CHANGED = "changed"
    NOW_FAILING = "now-failing"
    NOW_SUCCEEDING = "now-succeeding"
    SKIPPED = "skipped"
    INCOMPLETE = "incomplete"


class ReplayReason(StrEnum):
    """The reason why an original was skipped, or why a replay is incomplete. The values are part of the wire format."""

    CONTENT_REMOVED = "content-removed"
    UNKNOWN_EXECUTION = "unknown-execution"
    NOT_FINISHED = "not-finished"
    NO_RUN = "no-run"
    DATASET_ALTERED = "dataset-altered"
    CANCELLED = "cancelled"
    WORKER_LOST = "worker-lost"
    ENGINE_UNAVAILABLE = "engine-unavailable"
    KEY_NOT_UNIQUE = "key-not-unique"
    KEY_NOT_USABLE = "key-not-usable"
    NOT_COMPARABLE = "not-comparable"


_WITHOUT_A_RUN: Final = {
    ErrorKind.CANCELLED: ReplayReason.CANCELLED,
    ErrorKind.WORKER_LOST: ReplayReason.WORKER_LOST,
    ErrorKind.ENGINE_UNAVAILABLE: ReplayReason.ENGINE_UNAVAILABLE,
}


_STOPPED: Final = {
    StopReason.TIME: "the comparison took too much time",
    StopReason.MEMORY: "the comparison took too much memory",
    StopReason.DISK: "there was no room for the temporary files of the comparison",
    StopReason.NUMBER_RANGE: "a number has a power of ten that is too large or too small to be compared",
    StopReason.UNREADABLE: "a stored result cannot be read",
    StopReason.UNAVAILABLE: "no process could be started to compare the results in",
}


@frozen
class Settled:
    """The outcome of one execution of a replay. `detail` quotes no content; the rows are those of two tables."""

    outcome: ReplayOutcome
    reason: ReplayReason | None = None
    detail: str | None = None
    rows: RowCounts | None = None


EQUAL: Final = Settled(ReplayOutcome.EQUAL)


@frozen
class ResultsDiffer:
    """Both executions succeeded, with results of different digests: comparing the results decides."""


@frozen
class ReplayedExecution:
    """One execution of a replay: the original, and the id that its replay has or will have. `number` counts from 0.

    `settled` is None until the outcome is known.
    """

    number: int
    original_id: UUID
    execution_id: UUID
    settled: Settled | None = None


@frozen
class OutcomeChange:
    """Two outcomes of which one at least is an error. Their errors quote the executions."""

    before: Finished = field(repr=False)
    after: Finished = field(repr=False)


def skipped(reason: ReplayReason, detail: str | None = None) -> Settled:
    """Settle an execution whose original cannot be run again."""
    return Settled(ReplayOutcome.SKIPPED, reason, detail)


def incomplete(reason: ReplayReason, detail: str | None = None) -> Settled:
    """Settle an execution that was run again, or should have been, and cannot be compared with its original."""
    return Settled(ReplayOutcome.INCOMPLETE, reason, None if detail is None else detail[:MAX_DETAIL_CHARACTERS])


def replayable(original: Execution | None) -> Result[Finished, Settled]:
    """Return the original if it can be run again, as far as its record tells."""
    match original:
        case None:
            return Failure(skipped(ReplayReason.UNKNOWN_EXECUTION))
        case Pending() | Running():
            return Failure(skipped(ReplayReason.NOT_FINISHED))
        case Succeeded() | Failed():
            if not is_successful(run_of(original)):
                return Failure(skipped(ReplayReason.NO_RUN))
            if original.content_removed_at is not None:
                return Failure(skipped(ReplayReason.CONTENT_REMOVED))
            return Success(original)
        case _:
            assert_never(original)


def settle(original: Finished, replayed: Finished) -> Settled | ResultsDiffer:
    """Decide the outcome of an original that has a run and of its replay, as far as their records tell."""
    if isinstance(replayed, Failed) and replayed.error.kind in _WITHOUT_A_RUN:
        return incomplete(_WITHOUT_A_RUN[replayed.error.kind])
    match original, replayed:
        case Succeeded(), Succeeded():
            return EQUAL if original.output.sha256 == replayed.output.sha256 else ResultsDiffer()
        case Failed(), Failed():
            return _settle_errors(original, replayed)
        case Succeeded(), _:
            return Settled(ReplayOutcome.NOW_FAILING)
        case _:
            return Settled(ReplayOutcome.NOW_SUCCEEDING)


def _settle_errors(original: Failed, replayed: Failed) -> Settled:
    """Compare kind and message. Once a text has been removed, equal digests still prove that the errors are equal."""
    if original.error.kind is not replayed.error.kind:
        return Settled(ReplayOutcome.CHANGED)
    one = recorded_error_sha256(original)
    if one is not None and one == recorded_error_sha256(replayed):
        return EQUAL
    if original.content_removed_at is not None or replayed.content_removed_at is not None:
        return incomplete(ReplayReason.CONTENT_REMOVED)
    return EQUAL if is_same_failure(original.error, replayed.error) else Settled(ReplayOutcome.CHANGED)


def settle_comparison(compared: Result[ResultComparison, ComparisonRefused]) -> Settled:
    """Decide the outcome of two successes by the comparison of their results."""
    if not is_successful(compared):
        return _not_compared(compared.failure())
    comparison = compared.unwrap()
    outcome = ReplayOutcome.EQUAL if comparison.is_equal else ReplayOutcome.CHANGED
    match comparison:
        case TableComparison():
            return Settled(outcome, rows=_rows(comparison))
        case ValueComparison():
            return Settled(outcome)
        case _:
            assert_never(comparison)


def _rows(table: TableComparison) -> RowCounts:
    return RowCounts(table.equal, table.changed, table.added, table.removed)


def _not_compared(refused: ComparisonRefused) -> Settled:
    match refused:
        case KeyNotUnique(is_before=is_before, rows=(first, second)):
            detail = f"rows {first} and {second} of {_result(is_before)} have the same key"
            return incomplete(ReplayReason.KEY_NOT_UNIQUE, detail)
        case KeyNotUsable(column=column, is_before=is_before, row=row):
            detail = f"row {row} of {_result(is_before)} has no scalar in the column {sanitize(column)[:100]}"
            return incomplete(ReplayReason.KEY_NOT_USABLE, detail)
        case NotTables(is_before=is_before):
            detail = f"{_result(is_before)} is no array of objects, so it has no key"
            return incomplete(ReplayReason.NOT_COMPARABLE, detail)
        case ComparisonStopped(reason=reason):
            return incomplete(ReplayReason.NOT_COMPARABLE, _STOPPED[reason])
        case _:
            assert_never(refused)


def _result(is_before: bool) -> str:
    return "the original's result" if is_before else "the replay's result"


Quoted: TypeAlias = "OutcomeChange | ResultComparison"
"""The source of an execution's differences."""
