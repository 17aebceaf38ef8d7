"""The examples of answers about batches: two datasets are sent to the script of the story, which fails over one."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from attrs import evolve

from adapters.http.language import Language
from adapters.http.openapi.example_files import example_bytes
from adapters.http.openapi.story import REJECTED, RESULT, ended_execution, pending_execution
from adapters.http.responses.batch_lines import whole_line
from adapters.http.responses.batches import batch
from adapters.http.wire.converter import unstructure
from adapters.http.wire.schemas.batches import BatchList
from adapters.http.wire.schemas.executions import BATCH_ID
from application.ports.batches import BatchRecord, line_of
from domain.batch_lines import BatchPlace
from domain.batches import Batch, cancel, counts_of, record_ends
from domain.body import Body, Encoding, digest
from domain.execution import Attribution, Pending
from domain.outcome import Produced

_IDS: Final = ("0199c602-4d11-7a6b-8c2d-3e4f5a6b7c8d", "0199c602-4d12-7b7c-9d3e-4f5a6b7c8d9e")
_WAITED: Final = timedelta(milliseconds=12)


def batch_values() -> dict[str, Any]:
    """Map the names of examples to the JSON values of their answers."""
    first, second = _executions()
    produced = Produced(Body(digest(RESULT), Encoding.IDENTITY, RESULT))
    pending = _batch(first)
    finished = record_ends(pending, succeeded=1, failed=1, at=pending.submitted_at + _WAITED)
    cancelled = cancel(pending, pending.submitted_at + _WAITED)
    shown = batch(_record(finished), "")
    shapes = {
        "pending-batch": batch(_record(pending), ""),
        "batch": shown,
        "batches": BatchList(items=(shown,), next_cursor=None),
        "cancelled-batch": batch(_record(record_ends(cancelled, 0, 2, pending.submitted_at + _WAITED)), ""),
    }
    lines = (
        whole_line(line_of(ended_execution(first, produced)), RESULT, Language.ENGLISH),
        whole_line(line_of(ended_execution(second, REJECTED)), None, Language.ENGLISH),
    )
    values = {name: msgspec.json.decode(msgspec.json.encode(unstructure(shape))) for name, shape in shapes.items()}
    return values | {"batch-results": b"".join(lines).decode()}


def _executions() -> Iterator[Pending]:
    """Submit the datasets of the example of a request."""
    lines = example_bytes("batch-lines").splitlines()
    for number, (line, execution_id) in enumerate(zip(lines, _IDS, strict=True), 1):
        sent = json.loads(line)
        pending = pending_execution(execution_id, json.dumps(sent["data"]).encode())
        place = Attribution(batch=BatchPlace(UUID(BATCH_ID), number, sent["ref"]))
        yield Pending(evolve(pending.submission, attribution=place))


def _batch(first: Pending) -> Batch:
    submission = first.submission
    return Batch(id=UUID(BATCH_ID), script=submission.script, lines=len(_IDS), submitted_at=submission.submitted_at)


def _record(stored: Batch) -> BatchRecord:
    return BatchRecord(stored, counts_of(stored, running=0))
