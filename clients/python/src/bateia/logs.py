"""Logs of executions, also while they run, as flows."""

from __future__ import annotations

from dataclasses import dataclass, field

from bateia.documents import Document, LogLine, log_lines
from bateia.errors import TimedOut
from bateia.exchange import WAIT_SECONDS, Flow, Request, now, pause
from bateia.requesting import SLACK_SECONDS, document_of, path_to, preference
from bateia.texts import say

_PAUSE_SECONDS = 1.0
"""Between requests that are answered at once: a service of an earlier release does not wait for lines."""


@dataclass(frozen=True)
class LogPart:
    """Lines of a log, behind `first_line` others.

    If that is 0 again, an attempt was lost, and this is the log of another one. `interrupted` means that the run was
    cancelled or lost, and the log ends with the lines stored by then.
    """

    status: str
    attempt: int
    first_line: int
    lines: tuple[LogLine, ...]
    truncated: bool
    interrupted: bool
    position: str = field(repr=False)
    document: Document = field(repr=False)

    @property
    def has_finished(self) -> bool:
        """Tell whether the execution has ended, so that no further part comes."""
        return self.status in ("succeeded", "failed")


def read_log(execution: str, after: str | None = None, wait_seconds: int = 0) -> Flow[LogPart]:
    """Read the lines behind a position, all without one, and wait for some if there are none."""
    request = Request(
        "GET",
        path_to("executions", execution, "log"),
        {} if after is None else {"after": after},
        preference(wait_seconds),
        seconds=wait_seconds + SLACK_SECONDS,
    )
    return _part((yield from document_of(request)))


def _part(document: Document) -> LogPart:
    return LogPart(
        status=document["status"],
        attempt=document["attempt"],
        first_line=document["first_line"],
        lines=log_lines(document["lines"]),
        truncated=document["truncated"],
        interrupted=document.get("interrupted", False),  # a service of an earlier release does not tell
        position=document["position"],
        document=document,
    )


class FollowedLog:
    """The log of an execution, part by part, to its end. `timeout` is for all of it, from the first part on."""

    def __init__(self, execution: str, timeout: float | None = None) -> None:
        self._execution, self._timeout = execution, timeout
        self._began: float | None = None
        self._last: LogPart | None = None

    def next_part(self) -> Flow[LogPart | None]:
        """Wait for the next lines, or for the end, whose part may have none; None after that. Raises `TimedOut`."""
        while self._last is None or not self._last.has_finished:
            asked = yield from now()
            seconds = self._seconds_left(asked)
            after = None if self._last is None else self._last.position
            self._last = yield from read_log(self._execution, after, max(1, int(min(seconds, WAIT_SECONDS))))
            if self._last.lines or self._last.has_finished:
                return self._last
            if (yield from now()) - asked < _PAUSE_SECONDS:
                yield from pause(_PAUSE_SECONDS)
        return None

    def _seconds_left(self, at: float) -> float:
        self._began = at if self._began is None else self._began
        left = float("inf") if self._timeout is None else self._began + self._timeout - at
        if left <= 0:
            status = "unfinished" if self._last is None else self._last.status
            text = say("{id} is still {status} when its time is over, and goes on", id=self._execution, status=status)
            raise TimedOut(text, self._execution)
        return left
