"""The port `VersionReplays` of the store in memory."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from uuid import UUID

from attrs import evolve

from adapters.memory.audit import MemoryAudit
from adapters.memory.rows import ExecutionRow, ReplayRow, has_content, script_of
from application.ports.version_replays import NewVersionReplay, ReplayRecord, StoredColumns, StoredDifferences
from domain.audit import Action, Actor, AuditEvent
from domain.execution import Execution
from domain.gate import MOST_REPLAYS, ReplayStanding
from domain.replay_sums import NO_ROWS, add_rows, counts_of
from domain.replayed_executions import ReplayedExecution
from domain.script import ScriptName
from domain.version_replays import LatestExecutions, ReplayReport, VersionReplay


class MemoryVersionReplays:
    """The port `VersionReplays`."""

    def __init__(self, rows: dict[UUID, ReplayRow], kept: dict[UUID, ExecutionRow], audit: MemoryAudit) -> None:
        self._rows, self._kept, self._audit = rows, kept, audit

    async def latest(self, script_id: UUID, wanted: LatestExecutions) -> Sequence[UUID]:
        executions = [kept.execution for kept in self._kept.values() if script_of(kept.execution) == script_id]
        return sorted((one.submission.id for one in executions if _matches(wanted, one)), reverse=True)[: wanted.last]

    async def scripts_of(self, executions: Collection[UUID]) -> Mapping[UUID, UUID]:
        return {one: script_of(self._kept[one].execution) for one in executions if one in self._kept}

    async def add(self, new: NewVersionReplay) -> None:
        self._rows[new.replay.id] = ReplayRow(new.replay, list(new.executions))
        self._record(Action.REPLAYED, new.replay, new.by)

    async def find(self, replay_id: UUID) -> ReplayRecord | None:
        row = self._rows.get(replay_id)
        return None if row is None else self._shown(row)

    async def page(self, script_id: UUID, version: int, before: UUID | None, limit: int) -> Sequence[ReplayRecord]:
        own = [row for row in self._rows.values() if (row.replay.script_id, row.replay.version) == (script_id, version)]
        newest_first = sorted(own, key=lambda row: row.replay.id, reverse=True)
        return [self._shown(row) for row in newest_first if before is None or row.replay.id < before][:limit]

    async def executions(self, replay_id: UUID, first: int, limit: int) -> Sequence[ReplayedExecution]:
        return self._rows[replay_id].executions[first : first + limit] if replay_id in self._rows else []

    async def differences(self, replay_id: UUID, first: int, limit: int) -> Sequence[StoredDifferences]:
        stored = [(one, row.differences) for one, row in self._stored(replay_id, first)]
        return [StoredDifferences(one, body) for one, body in stored if body is not None][:limit]

    async def columns(self, replay_id: UUID, first: int, limit: int) -> Sequence[StoredColumns]:
        stored = [(one, row.columns) for one, row in self._stored(replay_id, first)]
        return [StoredColumns(one.number, text) for one, text in stored if text is not None][:limit]

    def _stored(self, replay_id: UUID, first: int) -> Iterator[tuple[ReplayedExecution, ExecutionRow]]:
        for one in self._rows[replay_id].executions[first:]:
            if one.execution_id in self._kept:
                yield one, self._kept[one.execution_id]

    async def accept(self, accepted: VersionReplay, by: Actor) -> None:
        row = self._rows[accepted.id]
        if row.replay.acceptance is None:
            row.replay = evolve(row.replay, acceptance=accepted.acceptance)
            self._record(Action.ACCEPTED_REPLAY, accepted, by)

    def replays_on(self, script_id: UUID, version: int) -> tuple[ReplayStanding, ...]:
        """List the latest replays of the script's last executions on the version, for the gates of the same store."""
        own = [row for row in self._rows.values() if (row.replay.script_id, row.replay.version) == (script_id, version)]
        newest_first = sorted(own, key=lambda row: row.replay.id, reverse=True)
        return tuple(one for row in newest_first if (one := _standing(row)) is not None)[:MOST_REPLAYS]

    def _record(self, action: Action, replay: VersionReplay, by: Actor) -> None:
        self._audit.record(
            AuditEvent(action=action, actor=by, script_id=replay.script_id, version=replay.version, replay_id=replay.id)
        )

    def _shown(self, row: ReplayRow) -> ReplayRecord:
        replay, names = row.replay, self._audit.names
        return ReplayRecord(
            replay=replay,
            script_name=ScriptName(names[replay.script_id]),
            report=row.report or _report(row.executions),
            created_by=names.get(replay.created_by),
            accepted_by=None if replay.acceptance is None else names.get(replay.acceptance.by),
        )


def _standing(row: ReplayRow) -> ReplayStanding | None:
    replay, selection = row.replay, row.replay.request.selection
    if not isinstance(selection, LatestExecutions) or (selection.since, selection.of_version) != (None, None):
        return None
    counts = _report(row.executions).counts
    different = counts.changed + counts.now_failing + counts.now_succeeding
    return ReplayStanding(
        id=replay.id,
        last=selection.last,
        is_finished=replay.finished_at is not None,
        is_accepted=replay.acceptance is not None,
        total=counts.total,
        compared=counts.equal + different,
        different=different,
        incomplete=counts.total - counts.done + counts.incomplete,
    )


def _matches(wanted: LatestExecutions, execution: Execution) -> bool:
    submission = execution.submission
    return (
        has_content(execution)
        and submission.replay_of is None
        and (wanted.since is None or submission.submitted_at >= wanted.since)
        and wanted.of_version in (None, submission.script.version)
    )


def _report(executions: Sequence[ReplayedExecution]) -> ReplayReport:
    settled = [one.settled for one in executions if one.settled is not None]
    counts = counts_of(len(executions), Counter(one.outcome.value for one in settled))
    return ReplayReport(counts, reduce(add_rows, (one.rows for one in settled if one.rows is not None), NO_ROWS))
