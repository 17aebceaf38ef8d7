"""What one run of a script gave: a result or a rejection, with its logs and its measures."""

import re
from enum import StrEnum
from typing import Final, TypeAlias

from attrs import field, frozen

from domain.body import Body


class ErrorKind(StrEnum):
    """Why an execution failed. The values are the wire's and the database's words."""

    SCRIPT_ERROR = "script_error"
    INVALID_RESULT = "invalid_result"
    TIMEOUT = "timeout"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    CANCELLED = "cancelled"
    WORKER_LOST = "worker_lost"
    SANDBOX_VIOLATION = "sandbox_violation"


class LogLevel(StrEnum):
    """The console method that was called."""

    DEBUG = "debug"
    LOG = "log"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


MAX_TEXT_CHARACTERS: Final = 8_192
"""What is kept of an error's message, and of its stack."""

MAX_PLACE: Final = 2**31 - 1
"""No line or column is greater; what claims to be one is a forged stack trace."""

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


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


def storable(text: str) -> str:
    """The text with every character that UTF-8 or a text column cannot hold (lone surrogates, NUL) as U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def script_error(
    kind: ErrorKind, message: str, line: int | None = None, column: int | None = None, stack: str | None = None
) -> ScriptError:
    """A failure that can be kept anywhere: texts cleaned and clipped to `MAX_TEXT_CHARACTERS`, no impossible place."""
    return ScriptError(
        kind=kind,
        message=storable(message[:MAX_TEXT_CHARACTERS]),
        line=_place(line),
        column=_place(column),
        stack=None if stack is None else storable(stack[:MAX_TEXT_CHARACTERS]),
    )


def _place(number: int | None) -> int | None:
    return number if number is not None and 1 <= number <= MAX_PLACE else None


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
    """Everything that one run gave. `engine` is the engine's name and version."""

    outcome: Outcome
    logs: Logs
    measures: Measures
    engine: str
