"""Parts of executions, replays and jobs as values."""

from __future__ import annotations

from dataclasses import dataclass

from bateia.documents import Document
from bateia.records import Record


@dataclass(frozen=True)
class Comparison(Record):
    """The differences of two results: `count` of them, and the first ones."""

    kind: str
    equal: bool
    key: tuple[str, ...] | None
    rows: Document | None
    columns: tuple[Document, ...] | None
    count: int
    differences: tuple[Document, ...]


@dataclass(frozen=True)
class Reproduction(Record):
    """An execution that is run again with its clock and seed; `execution` and `replay` are the paths of both.

    `reproduced` is None if that cannot be told.
    """

    id: str
    execution_id: str
    execution: str
    replay: str
    status: str
    reproduced: bool | None
    difference: Document | None
    inconclusive: Document | None

    @property
    def has_finished(self) -> bool:
        """Tell whether the outcome is known."""
        return self.status == "finished"


@dataclass(frozen=True)
class ReplayedExecution(Record):
    """An execution of a replay, with the outcome of its comparison; None while it is not known."""

    number: int
    original_id: str
    execution_id: str
    outcome: str | None
    reason: str | None
    detail: str | None
    rows: Document | None


@dataclass(frozen=True)
class JobPartition(Record):
    """A partition of a job's input."""

    number: int
    object: str
    object_number: int
    range: Document
    state: str
    attempts: int
    rows: int | None
    input_bytes: int | None
    input_sha256: str | None
    result_bytes: int | None
    result_sha256: str | None
    read_ms: float | None
    measures: Document | None
    warnings: tuple[Document, ...]
    error: Document | None
