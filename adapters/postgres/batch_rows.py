"""Conversion of batches to columns and back.

The executions of a batch are of one request: they have its script's version, its time, its API key and its trace in
common, which are given to the database once.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from attrs import asdict

from adapters.postgres.connections import Row
from adapters.postgres.execution_rows import ATTRIBUTION, result_from
from adapters.postgres.json_columns import dump_value
from adapters.postgres.run_rows import error_from
from adapters.postgres.warnings import warnings_json
from application.ports.batches import BatchLine, BatchRecord, NewBatch
from domain.batches import Batch, counts_of
from domain.body import Body, Digest
from domain.execution import Pending, ScriptReference, State
from domain.script import ScriptName

_MOST_LINES: Final = 1_000
_MOST_BYTES: Final = 4 * 1024 * 1024
"""The most bytes of datasets that one statement stores, the last of them apart."""


def batch_columns(new: NewBatch) -> dict[str, Any]:
    """Convert a new batch with its executions, without their datasets, its actor and its guard to columns."""
    batch, expected = new.batch, new.expected
    submissions = [one.submission for one in new.executions]
    trace = submissions[0].attribution.trace
    return asdict(new.by) | {
        "batch_id": batch.id,
        "script_id": batch.script.id,
        "version": batch.script.version,
        "lines": batch.lines,
        "submitted_at": batch.submitted_at,
        "submitted_by": batch.submitted_by,
        "alias": batch.alias,
        "must_be_open": expected.must_be_open,
        "latest": expected.latest,
        "guarded_alias": expected.alias and expected.alias.value,
        "leads_to": expected.leads_to,
        "traceparent": trace and trace.traceparent,
        "first": submissions[0].id,
        "ids": [one.id for one in submissions],
        "input_bytes": [one.dataset.size_bytes for one in submissions],
        "input_sha256": [bytes.fromhex(one.dataset.sha256) for one in submissions],
        "input_warnings": [warnings_json(one.warnings) for one in submissions],
        "attributions": [ATTRIBUTION.dump(one.attribution) for one in submissions],
        "circumstances": [dump_value(one.circumstances) for one in submissions],
    }


def portions(new: NewBatch) -> Iterator[Sequence[tuple[Pending, Body]]]:
    """Divide the executions and their datasets into portions of bounded size, each for one statement."""
    left = iter(zip(new.executions, new.datasets, strict=True))
    while portion := list(_portion(left)):
        yield portion


def _portion(left: Iterator[tuple[Pending, Body]]) -> Iterator[tuple[Pending, Body]]:
    taken = 0
    for execution, dataset in islice(left, _MOST_LINES):
        yield execution, dataset
        taken += len(dataset.data)
        if taken >= _MOST_BYTES:
            return


def record_from(row: Row) -> BatchRecord:
    """Convert a row of `batches_page` to a batch with its counts."""
    batch = Batch(
        id=row["id"],
        script=ScriptReference(
            id=row["script_id"],
            name=ScriptName(row["script_name"]),
            version=row["version"],
            sha256=row["source_sha256"].hex(),
            engine=row["version_engine"],
        ),
        lines=row["lines"],
        submitted_at=row["submitted_at"],
        submitted_by=row["submitted_by"],
        alias=row["alias"],
        succeeded=row["succeeded"],
        failed=row["failed"],
        cancelled_at=row["cancelled_at"],
        finished_at=row["finished_at"],
        content_removed_at=row["content_removed_at"],
    )
    return BatchRecord(batch, counts_of(batch, row["running"]), row["submitted_by_name"])


def line_from(row: Row) -> BatchLine:
    """Convert a row of `batch_lines` to a line."""
    return BatchLine(
        number=row["line"],
        reference=row["reference"],
        execution_id=row["id"],
        state=State(row["state"]),
        error=None if row["error_kind"] is None else error_from(row),
        content_removed_at=row["content_removed_at"],
        result=_line_result(row),
    )


def _line_result(row: Row) -> Body | Digest | None:
    if row["result_body"] is not None:
        return result_from(row)
    return Digest(row["output_sha256"].hex(), row["output_bytes"]) if row["is_wanted"] else None
