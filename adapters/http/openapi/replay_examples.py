"""The examples of answers about replays on a version: the story's execution is replayed, and its result has changed."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec
from attrs import evolve
from returns.result import Success

from adapters.http.openapi.example_files import example_bytes
from adapters.http.openapi.story import compared_rows
from adapters.http.responses.version_replays import difference_lines, replayed_execution, version_replay
from adapters.http.wire.converter import unstructure
from adapters.http.wire.schemas.executions import EXECUTION_ID
from adapters.http.wire.schemas.scripts import SCRIPT_ID
from adapters.http.wire.schemas.version_replays import (
    REPLAY_ID,
    REPLAYED_ID,
    ReplayedExecutionList,
    VersionReplayList,
)
from application.ports.version_replays import ReplayRecord
from domain.comparison.values import Tolerance
from domain.difference_text import difference_text
from domain.replay_sums import NO_ROWS, ReplayCounts
from domain.replayed_executions import ReplayedExecution, settle_comparison
from domain.script import ScriptName
from domain.version_replays import LatestExecutions, ReplayReport, ReplayRequest, VersionReplay, accept, acceptance_note

_NEW: Final[dict[str, Any]] = json.loads(example_bytes("new-replay"))
_CREATED: Final = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
_FINISHED: Final = _CREATED + timedelta(milliseconds=840)


def replay_values() -> dict[str, Any]:
    """Map the names of examples to the JSON values of their answers."""
    comparison = compared_rows()
    settled = settle_comparison(Success(comparison))
    execution = ReplayedExecution(0, UUID(EXECUTION_ID), UUID(REPLAYED_ID), settled)
    pending = _record(ReplayReport(ReplayCounts(total=1)), _replay())
    finished = evolve(_replay(), has_begun=True, finished_at=_FINISHED)
    listed = _record(ReplayReport(ReplayCounts(total=1, changed=1), settled.rows or NO_ROWS), finished)
    replay = evolve(listed, columns=comparison.columns)
    note = acceptance_note(json.loads(example_bytes("new-acceptance"))["note"]).unwrap()
    accepted = evolve(replay, replay=accept(finished, note, _FINISHED + timedelta(minutes=5), None).unwrap())
    shapes = {
        "pending-replay": version_replay(pending, ""),
        "replay": version_replay(replay, ""),
        "replays": VersionReplayList(items=(version_replay(listed, ""),), next_cursor=None),
        "replayed-executions": ReplayedExecutionList(items=(replayed_execution(execution),), next_cursor=None),
        "accepted-replay": version_replay(accepted, ""),
    }
    lines = difference_lines(execution, difference_text(comparison).text)
    values = {name: msgspec.json.decode(msgspec.json.encode(unstructure(shape))) for name, shape in shapes.items()}
    return values | {"replay-differences": b"".join(line + b"\n" for line in lines).decode()}


def _record(report: ReplayReport, replay: VersionReplay) -> ReplayRecord:
    return ReplayRecord(replay=replay, script_name=ScriptName("corporate-cards"), report=report)


def _replay() -> VersionReplay:
    request = ReplayRequest(
        selection=LatestExecutions(_NEW["last"], None, _NEW["of_version"]),
        key=tuple(_NEW["key"]),
        tolerance=Tolerance(absolute=Decimal(str(_NEW["tolerance"]["absolute"]))),
    )
    return VersionReplay(
        id=UUID(REPLAY_ID),
        script_id=UUID(SCRIPT_ID),
        version=1,
        created_at=_CREATED,
        created_by=None,
        request=request,
    )
