"""What one run of a script gave: a result or a rejection, with its logs and its measures."""

from enum import StrEnum
from typing import TypeAlias

from attrs import field, frozen

from domain.body import Body
from domain.texts import kept_place, kept_text
from domain.warnings import NumberWarning


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


class LogLevel(StrEnum):
    """Console method of a log line."""

    DEBUG = "debug"
    LOG = "log"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


@frozen
class ScriptError:
    """A failure in words. Build it with `script_error`. `line` and `column` count from 1 in the source as it was sent.

    `message` and `stack` are a script's own text, so they may quote its dataset: they never enter a repr.
    """

    kind: ErrorKind
    message: str = field(repr=False)
    line: int | None = None
    column: int | None = None
    stack: str | None = field(default=None, repr=False)


@frozen
class Produced:
    """`process` returned, and this is the JSON text of what it returned."""

    result: Body


@frozen
class Rejected:
    """The run ended without a result."""

    error: ScriptError


def script_error(
    kind: ErrorKind, message: str, line: int | None = None, column: int | None = None, stack: str | None = None
) -> ScriptError:
    """A failure that can be kept anywhere: texts cleaned and clipped, no impossible place."""
    return ScriptError(
        kind=kind,
        message=kept_text(message),
        line=kept_place(line),
        column=kept_place(column),
        stack=None if stack is None else kept_text(stack),
    )


Outcome: TypeAlias = Produced | Rejected


@frozen
class LogLine:
    """One call of a console method, its arguments joined by spaces."""

    level: LogLevel
    message: str = field(repr=False)


@frozen
class Logs:
    """What the script printed, in order; `truncated` when its budget ended first."""

    lines: tuple[LogLine, ...] = ()
    truncated: bool = False


@frozen
class Measures:
    """What the run used, as the operating system counted it: milliseconds and bytes."""

    wall_ms: float
    cpu_ms: float
    peak_memory_bytes: int


@frozen
class Run:
    """Everything that one run gave. `engine` is the engine's name and version; `warnings` are about the result."""

    outcome: Outcome
    logs: Logs
    measures: Measures
    engine: str
    warnings: tuple[NumberWarning, ...] = ()
