"""Conversion of executions' rows to domain values and back.

A row that the domain cannot express is a bug, or was edited from outside.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from adapters.postgres.connections import Row
from adapters.postgres.json_columns import JsonColumn, load_value
from adapters.postgres.run_rows import error_columns, error_from, provenance_columns, provenance_from
from adapters.postgres.script_rows import limits_from
from adapters.postgres.warnings import number_warnings_from, warnings_json
from domain.body import Body, Digest, Encoding
from domain.circumstances import Circumstances
from domain.execution import (
    Attribution,
    Claim,
    Execution,
    Failed,
    Finished,
    Pending,
    Running,
    ScriptReference,
    State,
    Submission,
    Succeeded,
    state_of,
)
from domain.outcome import LogLevel, LogLine, Logs
from domain.script import ScriptName
from domain.trace import trace_context

ATTRIBUTION: Final = JsonColumn(Attribution, "submitted_by", "trace")
SETTLED_COLUMNS: Final = (
    "id",
    "held_by",
    "state",
    "attempt",
    "started_at",
    "finished_at",
    "output_bytes",
    "output_sha256",
    "error_kind",
    "error_message",
    "error_line",
    "error_column",
    "error_stack",
    "engine",
    "wall_ms",
    "cpu_ms",
    "peak_memory_bytes",
    "output_warnings",
    "error_sealed",
    "run_warnings",
    "error_position_is_exact",
    "provenance",
    "error_sha256",
)
REMOVED_COLUMNS: Final = (
    "id",
    "content_removed_at",
    "error_message",
    "error_stack",
    "error_sha256",
    "input_warnings",
    "output_warnings",
)


def dataset_from(row: Row) -> Body:
    """Read a dataset in its stored form."""
    return _body_from(row["input_encoding"], row["input_body"], row["input_bytes"], row["input_sha256"])


def result_from(row: Row) -> Body:
    """Read a result in its stored form."""
    return _body_from(row["result_encoding"], row["result_body"], row["output_bytes"], row["output_sha256"])


def _body_from(encoding: str, data: bytes, size_bytes: int, sha256: bytes) -> Body:
    return Body(digest=Digest(sha256=sha256.hex(), size_bytes=size_bytes), encoding=Encoding(encoding), data=data)


def execution_from(row: Row) -> Execution:
    """Convert a row with its version's facts to an execution."""
    submission = _submission_from(row)
    match State(row["state"]):
        case State.PENDING:
            return Pending(submission=submission, attempts=row["attempt"])
        case State.RUNNING:
            return Running(
                submission=submission,
                attempt=row["attempt"],
                claim=Claim(id=row["claim_id"], worker=row["worker"]),
                started_at=row["started_at"],
            )
        case State.SUCCEEDED:
            provenance = provenance_from(row)
            assert provenance is not None, "a CHECK says so"
            return Succeeded(
                submission=submission,
                attempt=row["attempt"],
                started_at=row["started_at"],
                finished_at=row["finished_at"],
                output=Digest(sha256=row["output_sha256"].hex(), size_bytes=row["output_bytes"]),
                provenance=provenance,
                content_removed_at=row["content_removed_at"],
            )
        case State.FAILED:
            return Failed(
                submission=submission,
                attempt=row["attempt"],
                started_at=row["started_at"],
                finished_at=row["finished_at"],
                error=error_from(row),
                provenance=provenance_from(row),
                content_removed_at=row["content_removed_at"],
                error_sha256=row["error_sha256"] and row["error_sha256"].hex(),
            )


def finished_row(execution: Execution) -> dict[str, Any]:
    """Convert an execution without a claim to the columns of `SETTLED_COLUMNS`, all but `held_by`."""
    row: dict[str, Any] = dict.fromkeys(SETTLED_COLUMNS)
    row |= {"id": execution.submission.id, "state": state_of(execution).value}
    match execution:
        case Pending(attempts=attempts):
            return row | {"attempt": attempts}
        case Running():
            raise AssertionError("a running execution is held")
        case Succeeded(output=output):
            row |= {"output_bytes": output.size_bytes, "output_sha256": bytes.fromhex(output.sha256)}
        case Failed(error=error, error_sha256=sha256):
            row |= error_columns(error) | {"error_sha256": sha256 and bytes.fromhex(sha256)}
    row |= {
        "attempt": execution.attempt,
        "started_at": execution.started_at,
        "finished_at": execution.finished_at,
    }
    return row | provenance_columns(execution.provenance)


def redacted_columns(finished: Sequence[Finished]) -> dict[str, list[Any]]:
    """Collect the columns that the removal of content changes, and the rows' ids, column by column."""
    rows = [_removed_row(one) for one in finished]
    return {name: [row[name] for row in rows] for name in REMOVED_COLUMNS}


def _removed_row(finished: Finished) -> dict[str, Any]:
    row = finished_row(finished)
    return {
        "id": row["id"],
        "content_removed_at": finished.content_removed_at,
        "error_message": row["error_message"],
        "error_stack": row["error_stack"],
        "error_sha256": row["error_sha256"],
        "input_warnings": warnings_json(finished.submission.warnings),
        "output_warnings": row["output_warnings"],
    }


def logs_from(logs: bytes | None, truncated: bool) -> Logs:
    """Parse logs from their stored JSON."""
    lines: Sequence[tuple[str, str]] = json.loads(logs) if logs else ()
    return Logs(tuple(LogLine(LogLevel(level), message) for level, message in lines), truncated)


def logs_json(logs: Logs) -> bytes | None:
    """Encode the lines as a JSON array of [level, message], or None if there are none."""
    return json.dumps([[line.level.value, line.message] for line in logs.lines]).encode() if logs.lines else None


def _submission_from(row: Row) -> Submission:
    return Submission(
        id=row["id"],
        script=ScriptReference(
            id=row["script_id"],
            name=ScriptName(row["script_name"]),
            version=row["version"],
            sha256=row["source_sha256"].hex(),
            engine=row["version_engine"],
        ),
        dataset=Digest(sha256=row["input_sha256"].hex(), size_bytes=row["input_bytes"]),
        limits=limits_from(row),
        submitted_at=row["submitted_at"],
        warnings=number_warnings_from(row["input_warnings"]),
        attribution=Attribution(
            submitted_by=row["submitted_by"],
            trace=None if row["traceparent"] is None else trace_context(row["traceparent"]),
            **ATTRIBUTION.load(row["attribution"]),
        ),
        circumstances=load_value(row["circumstances"], Circumstances),
        replay_of=row["replay_of"],
    )
