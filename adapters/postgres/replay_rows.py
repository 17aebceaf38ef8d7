"""Conversion of the rows of replays on a version to domain values and back."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from attrs import frozen

from adapters.postgres.connections import Row
from adapters.postgres.json_columns import dump_value, load_value
from application.ports.version_replays import OpenExecution, ReplayRecord, Settlement, StoredDifferences
from domain.body import Body, Digest, Encoding
from domain.comparison.values import Tolerance
from domain.replay_sums import ReplayCounts, RowCounts
from domain.replayed_executions import ReplayedExecution, ReplayOutcome, ReplayReason, Settled
from domain.script import ScriptName
from domain.version_replays import (
    Acceptance,
    ChosenExecutions,
    LatestExecutions,
    ReplayReport,
    ReplayRequest,
    Selection,
    VersionReplay,
)

_COUNTS: Final = ("total", "equal", "changed", "now_failing", "now_succeeding", "skipped", "incomplete")
_ROWS: Final = ("rows_equal", "rows_changed", "rows_added", "rows_removed")


@frozen(kw_only=True)
class _Wanted:
    """A request as its column has it."""

    executions: tuple[UUID, ...] | None = None
    last: int | None = None
    since: datetime | None = None
    of_version: int | None = None
    key: tuple[str, ...] | None = None
    absolute: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)


def request_json(request: ReplayRequest) -> str | None:
    """Encode a request."""
    within = request.tolerance
    choices: dict[str, Any] = {"key": request.key, "absolute": within.absolute, "relative": within.relative}
    match request.selection:
        case ChosenExecutions(executions=ids):
            return dump_value(_Wanted(executions=ids, **choices))
        case LatestExecutions(last=last, since=since, of_version=version):
            return dump_value(_Wanted(last=last, since=since, of_version=version, **choices))


def _request_from(kept: object) -> ReplayRequest:
    wanted = load_value(kept, _Wanted)
    assert wanted is not None, "the column is not null"
    selection: Selection = ChosenExecutions(wanted.executions or ())
    if wanted.last is not None:
        selection = LatestExecutions(wanted.last, wanted.since, wanted.of_version)
    return ReplayRequest(selection=selection, key=wanted.key, tolerance=Tolerance(wanted.absolute, wanted.relative))


def replay_from(row: Row) -> VersionReplay:
    """Read a replay."""
    accepted_at, note = row["accepted_at"], row["acceptance_note"]
    return VersionReplay(
        id=row["id"],
        script_id=row["script_id"],
        version=row["version"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        request=_request_from(row["wanted"]),
        has_begun=row["leased_until"] is not None,
        finished_at=row["finished_at"],
        acceptance=None if accepted_at is None else Acceptance(accepted_at, note, row["accepted_by"]),
    )


def record_from(row: Row) -> ReplayRecord:
    """Read a replay with its outcomes so far."""
    return ReplayRecord(
        replay=replay_from(row),
        script_name=ScriptName(row["script_name"]),
        report=load_value(row["report"], ReplayReport) or _report_from(row),
        created_by=row["created_by_name"],
        accepted_by=row["accepted_by_name"],
    )


def _report_from(row: Row) -> ReplayReport:
    """Read the report of a replay that has not finished."""
    rows = RowCounts(*(row[name] for name in _ROWS))
    return ReplayReport(ReplayCounts(**{name: row[name] for name in _COUNTS}), rows)


def replayed_from(row: Row) -> ReplayedExecution:
    """Read one execution of a replay."""
    settled = None
    if row["outcome"] is not None:
        reason = row["reason"] and ReplayReason(row["reason"])
        rows = load_value(row["counts"], RowCounts)
        settled = Settled(ReplayOutcome(row["outcome"]), reason, row["detail"], rows)
    return ReplayedExecution(row["number"], row["original_id"], row["execution_id"], settled)


def open_from(row: Row) -> OpenExecution:
    """Read one execution of a replay without an outcome."""
    execution = ReplayedExecution(row["number"], row["original_id"], row["execution_id"])
    return OpenExecution(execution, row["is_added"], row["is_finished"])


def differences_from(row: Row) -> StoredDifferences:
    """Read the differences of one execution, which are decrypted."""
    digest = Digest(sha256=row["sha256"].hex(), size_bytes=row["size_bytes"])
    return StoredDifferences(replayed_from(row), Body(digest, Encoding(row["encoding"]), row["differences_body"]))


def settled_columns(settlement: Settlement) -> dict[str, Any]:
    """Convert an outcome to columns."""
    settled = settlement.settled
    return {
        "execution_id": settlement.execution.execution_id,
        "outcome": settled.outcome.value,
        "reason": settled.reason and settled.reason.value,
        "detail": settled.detail,
        "counts": dump_value(settled.rows),
    }
