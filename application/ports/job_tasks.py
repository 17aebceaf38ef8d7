"""Ports to the engine that runs a job's tasks on several processes or machines, and to the work of one task.

Tasks and reports carry URLs, digests, sources and limits, never data. What a task does is idempotent: it may run twice,
at the same time, and on any worker.
"""

from collections.abc import AsyncIterator
from typing import Protocol, TypeAlias
from uuid import UUID

from attrs import field, frozen

from domain.circumstances import Circumstances
from domain.comparison.values import Tolerance
from domain.job_requests import Compression, CsvOptions, DataFormat, Integers
from domain.jobs import Column
from domain.limits import Limits
from domain.partitions import ObjectVersion, PartitionError, PartitionRange, PartitionResult
from domain.stores import ObjectUrl, StoreName


@frozen(kw_only=True)
class TaskScript:
    """The script of a job's tasks, and the clock and seed that they all have."""

    source: bytes = field(repr=False)
    source_sha256: str
    engine: str
    limits: Limits
    circumstances: Circumstances


@frozen(kw_only=True)
class TaskInput:
    """The input of a job's tasks. The columns are those of CSV, in the order of the objects, with their types."""

    store: StoreName
    csv: CsvOptions
    selected: tuple[str, ...] | None
    integers: Integers
    columns: tuple[Column, ...] | None


@frozen
class InputObject:
    """An object with its format and compression."""

    version: ObjectVersion
    format: DataFormat
    compression: Compression


@frozen(kw_only=True)
class InspectTask:
    """Look into the objects, whose number of rows is not known yet: count the rows of tables, and find the columns of
    CSV and their types in the first rows."""

    job: UUID
    input: TaskInput
    objects: tuple[InputObject, ...]


@frozen(kw_only=True)
class VerifyTask:
    """Take the first rows of the input; run `process` over them as one piece, and over pieces between cuts that derive
    from the job's seed, whose results are concatenated or merged. Store both results, unless they are equal."""

    job: UUID
    input: TaskInput
    objects: tuple[InputObject, ...]
    script: TaskScript
    rows: int
    has_merge: bool
    tolerance: Tolerance
    whole: ObjectUrl
    pieces: ObjectUrl


@frozen(kw_only=True)
class ProcessTask:
    """Run `process(part, {index, count})` over a partition and store its result. The text of a stream's partition was
    stored at `text`: NDJSON, or lines of CSV, whose header is in the first."""

    job: UUID
    input: TaskInput
    object: InputObject
    script: TaskScript
    number: int
    range: PartitionRange
    count: int | None
    text: ObjectUrl | None
    result: ObjectUrl


@frozen
class PartialResult:
    """A stored result by its place and digest."""

    url: ObjectUrl
    sha256: str
    size_bytes: int


@frozen(kw_only=True)
class MergeTask:
    """Run `merge(results)` over partial results, in their order, and store its result."""

    job: UUID
    script: TaskScript
    number: int
    results: tuple[PartialResult, ...]
    result: ObjectUrl


@frozen(kw_only=True)
class DescribeTask:
    """Find the columns of results that are arrays of flat objects, for an output of CSV or Parquet."""

    job: UUID
    number: int
    results: tuple[PartialResult, ...]


@frozen(kw_only=True)
class WriteTask:
    """Write results, in their order, as one object of the output. JSON, and only JSON, takes several: their arrays are
    joined, or if `is_whole` the only one is written as it is."""

    job: UUID
    number: int
    results: tuple[PartialResult, ...]
    is_whole: bool
    format: DataFormat
    columns: tuple[Column, ...] | None
    target: ObjectUrl


Task: TypeAlias = InspectTask | VerifyTask | ProcessTask | MergeTask | DescribeTask | WriteTask


@frozen
class Inspected:
    """The objects with their numbers of rows, and the columns of CSV."""

    objects: tuple[ObjectVersion, ...]
    columns: tuple[Column, ...] | None


@frozen
class Verified:
    """The results of a verification: their digests. Where these differ, both results were stored."""

    whole: PartialResult
    pieces: PartialResult
    rows: int


@frozen
class Processed:
    """A partition that is done."""

    result: PartitionResult


@frozen
class Merged:
    """A merge that is done."""

    result: PartialResult


@frozen
class Described:
    """The columns of results, in the order in which they were found."""

    columns: tuple[Column, ...]


@frozen
class Written:
    """An object of the output."""

    sha256: str
    size_bytes: int


@frozen
class TaskFailed:
    """The data or the script made the task fail; another attempt would fail again."""

    error: PartitionError


@frozen
class TaskLost:
    """The worker of a task was lost, as often as the engine tries again."""


TaskReport: TypeAlias = Inspected | Verified | Processed | Merged | Described | Written | TaskFailed | TaskLost


class PerformTask(Protocol):
    """The work of a task, on the worker that it was given to. Raises `Unavailable`, of a store or the sandbox, and what
    is a bug."""

    async def __call__(self, task: Task, /) -> TaskReport: ...


@frozen
class FinishedTask:
    """A task with its report."""

    task: Task
    report: TaskReport = field(repr=False)


@frozen
class StreamPart:
    """A part of an object's text that is a partition: whole lines of NDJSON or CSV."""

    range: PartitionRange
    text: bytes = field(repr=False)


class SplitStream(Protocol):
    """The cut of an object that has no ranges to be read by themselves: decompressed, and a JSON array as NDJSON."""

    def __call__(
        self, pieces: AsyncIterator[bytes], object_number: int, stream: InputObject, csv: CsvOptions, part_bytes: int
    ) -> AsyncIterator[StreamPart]:
        """Cut an object into parts of some `part_bytes`, the same each time. At most one part is held, and what is read
        is bounded if it expands. Raises `StreamMalformed`."""
        ...


class StreamMalformed(Exception):
    """The text of a stream is no JSON array, or its compression is damaged or ends too early."""

    def __init__(self, error: PartitionError) -> None:
        super().__init__(error.kind)
        self.error = error


class JobEngine(Protocol):
    """The engine for the tasks of one job. Its methods raise `Unavailable` when its scheduler is lost."""

    @property
    def workers(self) -> int:
        """The number of tasks that run at once, at least 1. It may change."""
        ...

    async def submit(self, task: Task) -> None:
        """Start a task as soon as a worker is free."""
        ...

    async def next_finished(self) -> FinishedTask:
        """Wait for a task that has finished, whichever it is. Each is returned once."""
        ...

    async def cancel(self) -> None:
        """Stop all tasks."""
        ...

    async def close(self) -> None:
        """Stop all tasks and leave the engine."""
        ...


class OpenEngine(Protocol):
    """The way to an engine, embedded or elsewhere."""

    async def __call__(self) -> JobEngine:
        """Provide an engine for one job. Raises `Unavailable`."""
        ...
