"""Partitions of a job's input: the parts that are processed by themselves, and their states.

    waiting --settle--> done
       |--------------> failed --retry of the job--> waiting

A partition of lines is a range of bytes and has the lines that begin in it; one of a table is a range of rows; one of a
stream (compressed, or a JSON array) is a range of its text, which is only known when the stream has come that far.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias

from attrs import evolve, field, frozen

from domain.outcome import ErrorKind, Measures
from domain.text_limits import truncate
from domain.warnings import ExecutionWarning


@frozen
class ObjectVersion:
    """An object of the input as it was when the job was planned: its path, its size, its entity tag, of a table its
    number of rows, and of tables and CSV the bytes that the rows take as JSON, by the first ones; of compressed CSV
    those that as many bytes of its text would take."""

    path: str
    size_bytes: int
    etag: str
    rows: int | None = None
    text_bytes: int | None = None


class RangeUnit(StrEnum):
    """The unit of a range. The values are part of the wire format."""

    BYTES = "bytes"
    ROWS = "rows"
    TEXT = "text"


@frozen
class PartitionRange:
    """A half-open range of the object with that number in the plan. TEXT counts bytes after decompression."""

    object_number: int
    unit: RangeUnit
    start: int
    end: int


class PartitionState(StrEnum):
    """State of a partition. The values are part of the wire format and the database schema."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class InputFault(StrEnum):
    """Fault of the data in a partition, beside the kinds of failed runs. The values are part of the wire format."""

    INPUT_CHANGED = "input_changed"
    INPUT_MISSING = "input_missing"
    INPUT_MALFORMED = "input_malformed"
    INPUT_TOO_LARGE = "input_too_large"
    OUTPUT_INVALID = "output_invalid"
    STORE_UNAVAILABLE = "store_unavailable"


PartitionErrorKind: TypeAlias = ErrorKind | InputFault


@frozen
class PartitionError:
    """The reason why a partition failed. Build it with `partition_error`. `line` counts from 1 in the object where that
    is known, otherwise in the partition, as the message says; `column` is the name of a column."""

    kind: PartitionErrorKind
    message: str = field(repr=False)
    line: int | None = None
    column: str | None = field(default=None, repr=False)


def partition_error(
    kind: PartitionErrorKind, message: str, line: int | None = None, column: str | None = None
) -> PartitionError:
    """Build a reason that any store accepts."""
    return PartitionError(kind, truncate(message), line, None if column is None else truncate(column))


@frozen(kw_only=True)
class PartitionResult:
    """The facts of a partition that is done: the range that its rows take, the digests of its input's bytes and of its
    result. A partition without rows has no result. `read_ms` is the time until its rows were at hand."""

    range: PartitionRange
    rows: int
    input_bytes: int
    input_sha256: str
    result_sha256: str | None
    result_bytes: int
    measures: Measures
    read_ms: float = 0
    warnings: tuple[ExecutionWarning, ...] = ()


@frozen(kw_only=True)
class Partition:
    """A partition, numbered from 0 in the order of the input. `attempts` counts the times that it was settled."""

    number: int
    range: PartitionRange
    state: PartitionState = PartitionState.WAITING
    attempts: int = 0
    result: PartitionResult | None = None
    error: PartitionError | None = None


def complete(partition: Partition, result: PartitionResult) -> Partition:
    """Record the result of a partition."""
    return evolve(partition, state=PartitionState.DONE, attempts=partition.attempts + 1, result=result, error=None)


def reject(partition: Partition, error: PartitionError) -> Partition:
    """Record the failure of a partition."""
    return evolve(partition, state=PartitionState.FAILED, attempts=partition.attempts + 1, result=None, error=error)


def reopen(partition: Partition) -> Partition:
    """Have a failed partition run again; one that is done stays so."""
    return evolve(partition, state=PartitionState.WAITING, error=None) if partition.error is not None else partition


def cut_size(one: ObjectVersion, partition_bytes: int) -> int:
    """Return the bytes of a partition of lines: fewer if these would be more as JSON."""
    return max(1, partition_bytes * one.size_bytes // max(1, one.size_bytes, one.text_bytes or 0))


def cut_by_bytes(objects: Sequence[ObjectVersion], partition_bytes: int) -> Iterator[PartitionRange]:
    """Cut objects of lines. Empty objects have no partition."""
    for number, one in enumerate(objects):
        step = cut_size(one, partition_bytes)
        for start in range(0, one.size_bytes, step):
            yield PartitionRange(number, RangeUnit.BYTES, start, min(start + step, one.size_bytes))


def cut_by_rows(objects: Sequence[ObjectVersion], partition_bytes: int) -> Iterator[PartitionRange]:
    """Cut tables into equal numbers of rows that take some `partition_bytes` as JSON, or else of the object."""
    for number, one in enumerate(objects):
        rows = one.rows or 0
        size = one.size_bytes if one.text_bytes is None else one.text_bytes
        count = max(1, -(-size // partition_bytes))
        step = max(1, -(-rows // count))
        for start in range(0, rows, step):
            yield PartitionRange(number, RangeUnit.ROWS, start, min(start + step, rows))
