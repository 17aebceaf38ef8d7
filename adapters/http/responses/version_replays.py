"""Replays on versions as the shapes of the wire."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from adapters.http.responses.comparisons import column_comparison
from adapters.http.responses.scripts import script_href
from adapters.http.wire.schemas import version_replays as shapes
from adapters.http.wire.schemas.comparisons import ColumnComparison, RowCounts
from application.ports.version_replays import ReplayRecord
from domain import replay_sums
from domain.replay_columns import Columns
from domain.replay_sums import ReplayCounts
from domain.replayed_executions import ReplayedExecution
from domain.version_replays import ChosenExecutions, LatestExecutions, Selection, VersionReplay


def replay_href(root: str, replay: VersionReplay) -> str:
    """Build the path of a replay."""
    return f"{script_href(root, replay.script_id)}/versions/{replay.version}/replays/{replay.id}"


def version_replay(record: ReplayRecord, root: str) -> shapes.VersionReplay:
    """Represent a replay."""
    replay, report, within = record.replay, record.report, record.replay.request.tolerance
    return shapes.VersionReplay(
        id=replay.id,
        script_id=replay.script_id,
        script_name=record.script_name.value,
        version=replay.version,
        status=replay.status,
        created_at=replay.created_at,
        created_by=record.created_by,
        finished_at=replay.finished_at,
        selection=_selection(replay.request.selection),
        key=replay.request.key,
        tolerance=shapes.ReplayTolerance(absolute=within.absolute, relative=within.relative),
        executions=_executions(report.counts),
        rows=_rows(report.rows),
        columns=None if record.columns is None else _columns(record.columns),
        has_differences=report.counts.has_differences,
        acceptance=_acceptance(record),
        differences=f"{replay_href(root, replay)}/differences",
    )


def replayed_execution(execution: ReplayedExecution) -> shapes.ReplayedExecution:
    """Represent one execution of a replay."""
    settled = execution.settled
    return shapes.ReplayedExecution(
        number=execution.number,
        original_id=execution.original_id,
        execution_id=execution.execution_id,
        outcome=None if settled is None else settled.outcome,
        reason=None if settled is None else settled.reason,
        detail=None if settled is None else settled.detail,
        rows=None if settled is None or settled.rows is None else _rows(settled.rows),
    )


def difference_lines(execution: ReplayedExecution, text: bytes) -> Sequence[bytes]:
    """Split the stored differences of an execution into lines, each with the ids of the execution."""
    ids = {
        "number": execution.number,
        "original_id": execution.original_id,
        "execution_id": execution.execution_id,
    }
    begin = msgspec.json.encode(ids)[:-1] + b","
    return [begin + bytes(one)[1:] for one in msgspec.json.decode(text, type=list[msgspec.Raw])]


def _selection(selection: Selection) -> shapes.ReplaySelection:
    match selection:
        case ChosenExecutions(executions=ids):
            return shapes.ReplaySelection(executions=ids, last=None, since=None, of_version=None)
        case LatestExecutions(last=last, since=since, of_version=version):
            return shapes.ReplaySelection(executions=None, last=last, since=since, of_version=version)
        case _:
            assert_never(selection)


def _executions(counts: ReplayCounts) -> shapes.ReplayExecutions:
    return shapes.ReplayExecutions(
        total=counts.total,
        done=counts.done,
        equal=counts.equal,
        changed=counts.changed,
        now_failing=counts.now_failing,
        now_succeeding=counts.now_succeeding,
        skipped=counts.skipped,
        incomplete=counts.incomplete,
    )


def _rows(rows: replay_sums.RowCounts) -> RowCounts:
    return RowCounts(equal=rows.equal, changed=rows.changed, added=rows.added, removed=rows.removed)


def _columns(columns: Columns) -> tuple[ColumnComparison, ...]:
    return tuple(column_comparison(name, column) for name, column in columns.items())


def _acceptance(record: ReplayRecord) -> shapes.ReplayAcceptance | None:
    accepted = record.replay.acceptance
    if accepted is None:
        return None
    return shapes.ReplayAcceptance(at=accepted.at, by=record.accepted_by, note=accepted.note)
