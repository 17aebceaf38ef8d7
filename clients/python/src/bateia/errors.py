"""Errors that callers may expect; each message says what is wrong and what to do.

Refusals of the service have a class for each problem type, in `bateia.problems`, below `Refused`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bateia.texts import say

if TYPE_CHECKING:
    from bateia.documents import Execution


class BateiaError(Exception):
    """The base of all errors of this package."""


class InvalidDataset(BateiaError, ValueError):
    """A dataset with a value that JSON does not have; the message has its place."""


class Unreachable(BateiaError):
    """No response of the service. A request that may be repeated was repeated before."""


class TimedOut(BateiaError, TimeoutError):
    """The work has not ended in the time that the caller gave it; it goes on. `id` is that of the work."""

    def __init__(self, message: str, work: str) -> None:
        super().__init__(message)
        self.id = work


class ExecutionFailed(BateiaError):
    """An execution that failed; `execution` has its error, its position in the source, and the log."""

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        super().__init__(str(execution.error or say("execution {id} has no result", id=execution.id)))

    @property
    def hint(self) -> str | None:
        """Advice on what to do, if there is any."""
        return self.execution.error.hint if self.execution.error else None


class Refused(BateiaError):
    """A refused request. Match on the class or on `code`, never on texts: they depend on the language."""

    slug = ""
    """The last segment of the problem's type."""

    def __init__(self, status: int, problem: Mapping[str, Any], request_id: str | None = None) -> None:
        self.status, self.problem, self.request_id = status, problem, request_id
        self.title = str(
            problem.get("title") or say("HTTP {status} without a reason: is this the address of Bateia?", status=status)
        )
        self.code = str(problem.get("code") or "")
        self.type = str(problem.get("type") or "")
        self.detail: str | None = problem.get("detail")
        self.hint: str | None = problem.get("hint")
        self.errors: tuple[Mapping[str, Any], ...] = tuple(problem.get("errors") or ())
        super().__init__(self._text())

    @property
    def hints(self) -> tuple[str, ...]:
        """Advice of the problem and of each of its errors, each once."""
        hints = [one.get("hint") for one in self.errors] if self.errors else []
        return tuple(dict.fromkeys(str(one) for one in [self.hint, *hints] if one))

    def _text(self) -> str:
        lines = [f"{self.title.rstrip('.')}: {self.detail}" if self.detail else self.title]
        lines += [_error_text(one) for one in self.errors if str(one.get("detail", "")) not in lines[0]]
        return "\n".join([*lines, *self.hints])


def _error_text(error: Mapping[str, Any]) -> str:
    place = error.get("pointer") or error.get("parameter")
    if place is None and error.get("line"):
        place = say("line {number}", number=error["line"])
    return f"{place}: {error.get('detail')}" if place else str(error.get("detail"))
