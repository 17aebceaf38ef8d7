"""Executions as the shapes of the wire. Links begin with the path prefix `root`; hints are in `language`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, assert_never
from uuid import UUID

from msgspec import Raw

from adapters.http.language import Language
from adapters.http.problems.messages import hint_text
from adapters.http.responses.scripts import limits
from adapters.http.wire.schemas import executions as shapes
from application.executions.read_log import LogReading
from application.ports.executions import ExecutionDetails
from domain.advice import advise
from domain.batch_lines import BatchPlace
from domain.body import Digest
from domain.execution import (
    Execution,
    Failed,
    Pending,
    Running,
    ScriptReference,
    Succeeded,
    state_of,
)
from domain.live_log import is_interrupted
from domain.outcome import LogLine, Provenance, ScriptError
from domain.queue_state import QueuePlace
from domain.recorded import recorded_circumstances
from domain.warnings import ExecutionWarning, NumberWarning

_MILLISECOND: Final = timedelta(milliseconds=1)
_LATER: Final = (
    "started_at",
    "finished_at",
    "content_removed_at",
    "engine",
    "isolation",
    "output",
    "error",
    "measures",
)


def execution_href(root: str, execution_id: UUID) -> str:
    """Build the path of an execution."""
    return f"{root}/v1/executions/{execution_id}"


def execution(report: ExecutionDetails, result: bytes | None, root: str, language: Language) -> shapes.Execution:
    """Represent an execution, with the JSON text of its result if that is to be shown too."""
    circumstances = recorded_circumstances(report.execution)
    return shapes.Execution(
        **_summary(report.execution, root, language),
        clock=circumstances.clock,
        seed=circumstances.seed,
        limits=limits(report.execution.submission.limits),
        queue=_queue(report.queue),
        logs=_log_lines(report.logs.lines),
        logs_truncated=report.logs.truncated,
        result=None if result is None else Raw(result),
    )


def summary(shown: Execution, root: str, language: Language) -> shapes.ExecutionSummary:
    """Represent an execution as an item of a list."""
    return shapes.ExecutionSummary(**_summary(shown, root, language))


def _summary(shown: Execution, root: str, language: Language) -> dict[str, Any]:
    submission = shown.submission
    return {
        "id": submission.id,
        "script": script_reference(submission.script),
        "status": state_of(shown),
        "submitted_at": submission.submitted_at,
        "replay_of": submission.replay_of,
        "input_of": submission.attribution.input_of,
        "alias": submission.attribution.alias,
        "batch": _batch(submission.attribution.batch),
        "input": _body(submission.dataset, f"{execution_href(root, submission.id)}/input"),
        "warnings": tuple(execution_warning(one) for one in (*submission.warnings, *_run_warnings(shown))),
        **_progress(shown, root, language),
    }


def log(reading: LogReading) -> shapes.ExecutionLog:
    """Represent a part of a log."""
    read = reading.execution
    return shapes.ExecutionLog(
        status=state_of(read),
        attempt=read.attempts if isinstance(read, Pending) else read.attempt,
        first_line=reading.excerpt.first_line,
        lines=_log_lines(reading.excerpt.lines),
        truncated=reading.truncated,
        interrupted=is_interrupted(read),
        position=str(reading.excerpt.end),
    )


def _log_lines(lines: Sequence[LogLine]) -> tuple[shapes.LogLine, ...]:
    return tuple(shapes.LogLine(level=one.level, message=one.message) for one in lines)


def _queue(place: QueuePlace | None) -> shapes.QueuePlace | None:
    return None if place is None else shapes.QueuePlace(ahead=place.ahead, reason=place.reason)


def _batch(place: BatchPlace | None) -> shapes.BatchReference | None:
    if place is None:
        return None
    return shapes.BatchReference(id=place.batch_id, line=place.line, ref=place.reference)


def _run_warnings(shown: Execution) -> tuple[ExecutionWarning, ...]:
    match shown:
        case Pending() | Running():
            return ()
        case Succeeded(provenance=provenance) | Failed(provenance=provenance):
            return () if provenance is None else provenance.warnings
        case _:
            assert_never(shown)


def execution_warning(one: ExecutionWarning) -> shapes.ExecutionWarning:
    """Represent a warning about numbers or features."""
    pointer = one.first_pointer if isinstance(one, NumberWarning) else None
    return shapes.ExecutionWarning(kind=one.kind, detail=one.detail, first_pointer=pointer)


def _progress(shown: Execution, root: str, language: Language) -> dict[str, Any]:
    """Represent the members that depend on the state; those that do not apply to it are null."""
    unknown: dict[str, Any] = dict.fromkeys(_LATER)
    match shown:
        case Pending(attempts=attempts):
            return unknown | {"attempt": attempts}
        case Running(attempt=attempt, started_at=started_at):
            return unknown | {"attempt": attempt, "started_at": started_at}
        case Succeeded(output=output):
            href = f"{execution_href(root, shown.submission.id)}/result"
            return unknown | _ending(shown) | {"output": _body(output, href)}
        case Failed(error=error):
            return unknown | _ending(shown) | {"error": run_error(error, language)}
        case _:
            assert_never(shown)


def _ending(ended: Succeeded | Failed) -> dict[str, Any]:
    return {
        "attempt": ended.attempt,
        "started_at": ended.started_at,
        "finished_at": ended.finished_at,
        "content_removed_at": ended.content_removed_at,
        "engine": None if ended.provenance is None else ended.provenance.engine,
        "isolation": None if ended.provenance is None else ended.provenance.isolation,
        "measures": _measures(ended.submission.submitted_at, ended.started_at, ended.provenance),
    }


def _measures(submitted_at: datetime, started_at: datetime | None, run: Provenance | None) -> shapes.Measures | None:
    if started_at is None or run is None:
        return None
    measures = run.measures
    return shapes.Measures(
        queued_ms=(started_at - submitted_at) / _MILLISECOND,
        wall_ms=measures.wall_ms,
        cpu_ms=measures.cpu_ms,
        peak_memory_bytes=measures.peak_memory_bytes,
    )


def script_reference(of: ScriptReference) -> shapes.ScriptReference:
    """Represent a reference to a script's version."""
    return shapes.ScriptReference(id=of.id, name=of.name.value, version=of.version, sha256=of.sha256, engine=of.engine)


def _body(digest: Digest, href: str) -> shapes.StoredBody:
    return shapes.StoredBody(size_bytes=digest.size_bytes, sha256=digest.sha256, href=href)


def run_error(error: ScriptError, language: Language) -> shapes.RunError:
    """Represent the reason for a failure, with advice."""
    advice = advise(error)
    return shapes.RunError(
        kind=error.kind,
        message=error.message,
        line=error.line,
        column=error.column,
        position_is_exact=error.position_is_exact,
        stack=error.stack,
        code=None if advice is None else advice.code,
        hint=hint_text(advice, language),
    )
