"""The log of a run that goes on: how much of it is kept, and how a reader continues where it has stopped.

A position identifies the lines before it, so it can be held against any log: that of the same attempt, of another one,
or of the finished execution. A log that begins with other lines is read again from its beginning.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.execution import Execution, Failed
from domain.outcome import ErrorKind, LogLine, Logs

LIVE_LOG_BYTES: Final = 64 * 1024
"""The log budget of which lines are shown while an execution is running; the rest of a longer log comes with its
end."""
POSITION_PATTERN: Final = "(0|[1-9][0-9]{0,6})-([0-9a-f]{16})"

_POSITION: Final = re.compile(POSITION_PATTERN, re.ASCII)
_DIGEST_CHARACTERS: Final = 16
_INTERRUPTIONS: Final = (ErrorKind.CANCELLED, ErrorKind.WORKER_LOST)


@frozen
class LogPosition:
    """A place in a log: the number of lines before it, and their digest."""

    lines: int
    digest: str

    def __str__(self) -> str:
        """Write the position as its readers send it."""
        return f"{self.lines}-{self.digest}"


@frozen
class MalformedPosition:
    """The text is no position in a log."""


@frozen
class LogExcerpt:
    """The lines of a log from one place to its end. `first_line` lines come before them."""

    first_line: int
    lines: tuple[LogLine, ...]
    end: LogPosition


def parse_position(text: str) -> Result[LogPosition, MalformedPosition]:
    """Parse a position as `str` writes it."""
    found = _POSITION.fullmatch(text)
    return Failure(MalformedPosition()) if found is None else Success(LogPosition(int(found[1]), found[2]))


def excerpt(lines: tuple[LogLine, ...], after: LogPosition | None = None) -> LogExcerpt:
    """Return the lines after a position, or all of them if the log begins with other lines than the position's."""
    count = 0 if after is None else after.lines
    hashed = _add(hashlib.sha256(), lines[:count])
    is_known = after is not None and count <= len(lines) and _digest(hashed) == after.digest
    end = LogPosition(len(lines), _digest(_add(hashed, lines[count:])))
    first_line = count if is_known else 0
    return LogExcerpt(first_line, lines[first_line:], end)


def join_parts(parts: Sequence[Logs]) -> Logs:
    """Join the parts of a log, in their order. The last one tells whether more was printed."""
    return Logs(tuple(line for part in parts for line in part.lines), bool(parts) and parts[-1].truncated)


def is_interrupted(execution: Execution) -> bool:
    """Tell whether an execution ended in the middle of a run, cancelled or lost: its log is what was stored by then."""
    match execution:
        case Failed(started_at=started_at, provenance=None, error=error):
            return started_at is not None and error.kind in _INTERRUPTIONS
        case _:
            return False


def _add(hashed: "hashlib._Hash", lines: Iterable[LogLine]) -> "hashlib._Hash":
    for line in lines:
        message = line.message.encode()
        hashed.update(b"%b %d " % (line.level.value.encode(), len(message)))
        hashed.update(message)
    return hashed


def _digest(hashed: "hashlib._Hash") -> str:
    return hashed.hexdigest()[:_DIGEST_CHARACTERS]
