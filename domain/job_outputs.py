"""The output of a job: the names of its objects, their columns, and the manifest that lists them."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.job_requests import ColumnType, DataFormat
from domain.jobs import Column, Job, OutputFile

MANIFEST: Final = "_manifest.json"
MARKER: Final = "_SUCCESS"
"""The name of the empty object that is written last: with it, the output is complete."""


@frozen
class ColumnConflict:
    """A column has different types in two results."""

    column: str
    types: tuple[ColumnType, ColumnType]


def whole_name() -> str:
    """Name the object of an output in JSON, which is one value."""
    return "result.json"


def part_name(number: int, data_format: DataFormat) -> str:
    """Name an object of an output of rows."""
    return f"part-{number:05}.{data_format.value}"


def has_columns(data_format: DataFormat) -> bool:
    """Tell whether all objects of an output have the same columns."""
    return data_format in (DataFormat.CSV, DataFormat.PARQUET)


def unite(described: Iterable[Sequence[Column]]) -> Result[tuple[Column, ...], ColumnConflict]:
    """Unite the columns of results, in the order in which they are first seen."""
    found: dict[str, Column] = {}
    for column in (one for columns in described for one in columns):
        known = found.setdefault(column.name, column)
        if known.type is not column.type:
            return Failure(ColumnConflict(column.name, (known.type, column.type)))
    return Success(tuple(found.values()))


def manifest_of(job: Job, objects: Sequence[OutputFile], partitions: int, partitions_root: str) -> bytes:
    """Write the manifest as JSON: the job, the script, the objects with their digests, and the root of partitions.

    It has no times: whoever writes it again, after a crash, writes the same bytes.
    """
    script = job.script
    members = {
        "job": str(job.id),
        "script": {
            "id": str(script.id),
            "name": script.name.value,
            "version": script.version,
            "sha256": script.sha256,
            "engine": script.engine,
        },
        "objects": [{"path": one.path, "size_bytes": one.size_bytes, "sha256": one.sha256} for one in objects],
        "partitions": {"count": partitions, "root": partitions_root},
    }
    return json.dumps(members, ensure_ascii=False, indent=2).encode() + b"\n"


def listed_objects(manifest: bytes) -> tuple[OutputFile, ...]:
    """Read the objects of a manifest that `manifest_of` wrote."""
    listed = json.loads(manifest)["objects"]
    return tuple(OutputFile(one["path"], one["size_bytes"], one["sha256"]) for one in listed)
