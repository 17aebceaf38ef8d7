"""Outcome of a run: a result or a rejection, with logs and measures."""

import json
from enum import StrEnum
from typing import TypeAlias

from attrs import evolve, field, frozen

from domain.body import Body, digest
from domain.circumstances import Circumstances
from domain.text_limits import truncate, valid_position
from domain.warnings import ExecutionWarning


class ErrorKind(StrEnum):
    """Kind of failure. The values are part of the wire format and the database schema."""

    SCRIPT_ERROR = "script_error"
    INVALID_RESULT = "invalid_result"
    TIMEOUT = "timeout"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    CANCELLED = "cancelled"
    WORKER_LOST = "worker_lost"
    SANDBOX_VIOLATION = "sandbox_violation"
    ENGINE_UNAVAILABLE = "engine_unavailable"


class LogLevel(StrEnum):
    """Console method of a log line."""

    DEBUG = "debug"
    LOG = "log"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


@frozen
class ScriptError:
    """A failure with its message. Build it with `script_error`. `line` and `column` count from 1 in the source as sent.

    `position_is_exact` is false where only a position near that of the failure is known; None without a position.
    `message` and `stack` are a script's own text, so they may quote its dataset: they never enter a repr.
    """

    kind: ErrorKind
    message: str = field(repr=False)
    line: int | None = None
    column: int | None = None
    stack: str | None = field(default=None, repr=False)
    position_is_exact: bool | None = None


@frozen
class Produced:
    """The JSON text of the value that `process` returned."""

    result: Body


@frozen
class Rejected:
    """The run ended without a result."""

    error: ScriptError


def script_error(
    kind: ErrorKind, message: str, line: int | None = None, column: int | None = None, stack: str | None = None
) -> ScriptError:
    """Build a failure that any store accepts: texts sanitised and truncated, impossible positions dropped."""
    return ScriptError(
        kind=kind,
        message=truncate(message),
        line=valid_position(line),
        column=valid_position(column),
        stack=None if stack is None else truncate(stack),
    )


def error_sha256(error: ScriptError) -> str:
    """Compute the SHA-256 of an error: of its kind, message, line, column and stack as a JSON object in UTF-8, with
    sorted names and without spaces."""
    members = {
        "kind": error.kind.value,
        "message": error.message,
        "line": error.line,
        "column": error.column,
        "stack": error.stack,
    }
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return digest(text.encode()).sha256


def is_same_failure(one: ScriptError, other: ScriptError) -> bool:
    """Tell whether two sources failed alike. Their positions and stacks may differ, as the sources do."""
    return (one.kind, one.message) == (other.kind, other.message)


def with_exactness(error: ScriptError, position_is_exact: bool) -> ScriptError:
    """Tell whether the error's position is exact, if it has one."""
    return error if error.line is None else evolve(error, position_is_exact=position_is_exact)


Outcome: TypeAlias = Produced | Rejected


@frozen
class LogLine:
    """A call of a console method, its arguments joined by spaces."""

    level: LogLevel
    message: str = field(repr=False)


@frozen
class Logs:
    """Console output of a script, in order; `truncated` if it exceeded its limit."""

    lines: tuple[LogLine, ...] = ()
    truncated: bool = False


@frozen
class Measures:
    """Resources used by a run, as counted by the operating system, in milliseconds and bytes."""

    wall_ms: float
    cpu_ms: float
    peak_memory_bytes: int


class Isolation(StrEnum):
    """Isolation of a run: a fresh process for the execution, or one that serves the executions of one affinity.

    An affinity is a script version, its engine and an API key. The values are part of the wire format and stored.
    """

    EXECUTION = "execution"
    VERSION = "version"


@frozen
class Provenance:
    """Facts about a run: the engine with its version, the resources used, warnings, isolation and circumstances.

    The warnings are about the result and about features used that differ from Node's, in this order. Runs by earlier
    releases recorded neither isolation nor circumstances.
    """

    engine: str
    measures: Measures
    warnings: tuple[ExecutionWarning, ...] = ()
    isolation: Isolation | None = None
    circumstances: Circumstances | None = None


@frozen
class Run:
    """Complete report of a run."""

    outcome: Outcome
    logs: Logs
    provenance: Provenance
