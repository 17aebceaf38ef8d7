"""Conversion of a job's partitions to columns and back. The texts of their errors are encrypted and decrypted elsewhere
(`job_encryption`)."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from attrs import fields, frozen

from adapters.postgres.connections import Row
from adapters.postgres.json_columns import dump_value, load_value
from adapters.postgres.warnings import number_warnings_from, run_warnings_from, warnings_json
from domain.outcome import ErrorKind, Measures
from domain.partitions import (
    InputFault,
    Partition,
    PartitionError,
    PartitionErrorKind,
    PartitionRange,
    PartitionResult,
    PartitionState,
    RangeUnit,
)
from domain.warnings import ExecutionWarning

_ERROR_KINDS: Final[Mapping[str, PartitionErrorKind]] = {one.value: one for one in (*ErrorKind, *InputFault)}


@frozen(kw_only=True)
class _Result:
    """The facts of a partition that is done, as their column has them: all but the warnings."""

    range: PartitionRange
    rows: int
    input_bytes: int
    input_sha256: str
    result_sha256: str | None
    result_bytes: int
    measures: Measures
    read_ms: float = 0


_RESULT: Final = tuple(one.name for one in fields(_Result))


def range_columns(partitions: Sequence[Partition]) -> dict[str, list[Any]]:
    """Collect the columns of new partitions, column by column."""
    ranges = [one.range for one in partitions]
    return {
        "numbers": [one.number for one in partitions],
        "object_numbers": [one.object_number for one in ranges],
        "units": [one.unit.value for one in ranges],
        "starts": [one.start for one in ranges],
        "ends": [one.end for one in ranges],
    }


def settled_columns(settled: Collection[Partition]) -> dict[str, list[Any]]:
    """Collect the columns of settled partitions but those of their errors' texts, column by column."""
    results = [one.result for one in settled]
    return {
        "numbers": [one.number for one in settled],
        "states": [one.state.value for one in settled],
        "attempts": [one.attempts for one in settled],
        "results": [None if one is None else _result_json(one) for one in results],
        "warnings": [None if one is None else warnings_json(one.warnings) for one in results],
        "error_kinds": [None if one.error is None else one.error.kind.value for one in settled],
        "rows": [0 if one is None else one.rows for one in results],
        "input_bytes": [0 if one is None else one.input_bytes for one in results],
        "result_bytes": [0 if one is None else one.result_bytes for one in results],
    }


def _result_json(result: PartitionResult) -> str | None:
    return dump_value(_Result(**{name: getattr(result, name) for name in _RESULT}))


def error_text(error: PartitionError) -> bytes:
    """Write what an error says beside its kind."""
    return json.dumps({"message": error.message, "line": error.line, "column": error.column}).encode()


def partition_from(row: Row, text: bytes | None) -> Partition:
    """Convert a row to a partition, whose error has that text, or none if it was removed."""
    span = PartitionRange(row["object_number"], RangeUnit(row["unit"]), row["range_start"], row["range_end"])
    return Partition(
        number=row["number"],
        range=span,
        state=PartitionState(row["state"]),
        attempts=row["attempts"],
        result=_result_from(row),
        error=_error_from(row["error_kind"], text),
    )


def _result_from(row: Row) -> PartitionResult | None:
    kept = load_value(row["result"], _Result)
    if kept is None:
        return None
    facts = {name: getattr(kept, name) for name in _RESULT}
    return PartitionResult(**facts, warnings=tuple(map(_warning_from, row["warnings"] or ())))


def _warning_from(kept: Mapping[str, Any]) -> ExecutionWarning:
    read = number_warnings_from if "first_pointer" in kept else run_warnings_from
    (warning,) = read([kept])
    return warning


def _error_from(kind: str | None, text: bytes | None) -> PartitionError | None:
    if kind is None:
        return None
    said = {"message": ""} if text is None else json.loads(text)
    return PartitionError(_ERROR_KINDS[kind], **said)
