"""Executions, batches, previews and replays as frozen values with the members of most use; `document` has all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bateia.texts import say

Document: TypeAlias = Mapping[str, Any]


def without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the members that are None, as in requests, where the service chooses what is not there."""
    return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True)
class RunError:
    """The error of a run: its kind, its message, its position in the source, and advice."""

    kind: str
    message: str
    line: int | None = None
    column: int | None = None
    stack: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        place = say(" in line {line}", line=self.line) if self.line else ""
        return "\n".join([f"{self.kind}{place}: {self.message}", *([self.hint] if self.hint else [])])


@dataclass(frozen=True)
class LogLine:
    """A line of the script's console."""

    level: str
    message: str


@dataclass(frozen=True)
class Execution:
    """An execution. `result` is not among its members: `Client.result` reads it."""

    id: str
    script: str
    version: int
    status: str
    submitted_at: str
    finished_at: str | None
    error: RunError | None
    warnings: tuple[Document, ...]
    logs: tuple[LogLine, ...]
    document: Document = field(repr=False)

    @property
    def has_finished(self) -> bool:
        """Tell whether the outcome is known."""
        return self.finished_at is not None

    @property
    def has_succeeded(self) -> bool:
        """Tell whether there is a result."""
        return self.status == "succeeded"


@dataclass(frozen=True)
class Batch:
    """A batch, with the numbers of its executions by status."""

    id: str
    script: str
    version: int
    status: str
    lines: int
    pending: int
    running: int
    succeeded: int
    failed: int
    document: Document = field(repr=False)

    @property
    def has_finished(self) -> bool:
        """Tell whether all of its executions have ended."""
        return self.status == "finished"


@dataclass(frozen=True)
class BatchLine:
    """A line of a batch with its outcome; `result` is None without one."""

    line: int
    ref: str | None
    execution: str
    status: str
    result: Any = field(repr=False)
    error: RunError | None = None


@dataclass(frozen=True)
class Preview:
    """The outcome of a source that is not saved."""

    status: str
    result: Any = field(repr=False)
    error: RunError | None
    logs: tuple[LogLine, ...]
    warnings: tuple[Document, ...]
    document: Document = field(repr=False)

    @property
    def has_succeeded(self) -> bool:
        """Tell whether there is a result."""
        return self.status == "succeeded"


@dataclass(frozen=True)
class Replay:
    """Past executions run on a version, and the numbers of them by outcome."""

    id: str
    script: str
    version: int
    status: str
    has_differences: bool
    executions: Mapping[str, int]
    document: Document = field(repr=False)

    @property
    def has_finished(self) -> bool:
        """Tell whether all outcomes are known."""
        return self.status == "finished"


def run_error(document: Document | None) -> RunError | None:
    """Read an error; None stays None."""
    if document is None:
        return None
    names = ("line", "column", "stack", "hint")
    return RunError(document["kind"], document["message"], **{name: document.get(name) for name in names})


def execution(document: Document) -> Execution:
    """Read an execution."""
    return Execution(
        id=document["id"],
        script=document["script"]["name"],
        version=document["script"]["version"],
        status=document["status"],
        submitted_at=document["submitted_at"],
        finished_at=document["finished_at"],
        error=run_error(document["error"]),
        warnings=tuple(document["warnings"]),
        logs=log_lines(document.get("logs", ())),
        document=document,
    )


def batch(document: Document) -> Batch:
    """Read a batch."""
    return Batch(
        id=document["id"],
        script=document["script"]["name"],
        version=document["script"]["version"],
        status=document["status"],
        lines=document["lines"],
        document=document,
        **{name: document["counts"][name] for name in ("pending", "running", "succeeded", "failed")},
    )


def batch_line(document: Document) -> BatchLine:
    """Read a line of a batch's results."""
    return BatchLine(
        line=document["line"],
        ref=document.get("ref"),
        execution=document["execution"],
        status=document["status"],
        result=document.get("result"),
        error=run_error(document.get("error")),
    )


def preview(document: Document) -> Preview:
    """Read the outcome of a preview."""
    return Preview(
        status=document["state"],
        result=document.get("result"),
        error=run_error(document["error"]),
        logs=log_lines(document.get("logs", ())),
        warnings=(*document["warnings"], *document["source_warnings"]),
        document=document,
    )


def replay(document: Document) -> Replay:
    """Read a replay on a version."""
    return Replay(
        id=document["id"],
        script=document["script_name"],
        version=document["version"],
        status=document["status"],
        has_differences=document["has_differences"],
        executions=document["executions"],
        document=document,
    )


def log_lines(items: Iterable[Document]) -> tuple[LogLine, ...]:
    """Read the lines of a log."""
    return tuple(LogLine(one["level"], one["message"]) for one in items)
