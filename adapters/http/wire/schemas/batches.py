"""Wire schemas of batches. `operations` describes the lines of their bodies and results in words."""

from datetime import datetime
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, le

from adapters.http.wire.schemas.executions import BATCH_ID, ScriptReference
from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import MOMENT
from domain.batch_lines import MAX_BATCH_LINES
from domain.batches import BatchStatus


@frozen(kw_only=True)
class BatchCounts:
    """Numbers of executions by their status."""

    pending: int = field(validator=ge(0), metadata=describe("Executions that have not started.", 2))
    running: int = field(validator=ge(0), metadata=describe("Executions that are running.", 0))
    succeeded: int = field(validator=ge(0), metadata=describe("Executions that have a result.", 0))
    failed: int = field(validator=ge(0), metadata=describe("Executions that failed, or were cancelled.", 0))


@frozen(kw_only=True)
class BatchPaths:
    """Paths of what belongs to a batch."""

    self: str = field(alias="batch", metadata=describe("The batch.", f"/v1/batches/{BATCH_ID}"))
    results: str = field(metadata=describe("Results, one line for each dataset.", f"/v1/batches/{BATCH_ID}/results"))
    executions: str = field(metadata=describe("List of the executions.", f"/v1/executions?batch={BATCH_ID}"))
    cancel: str = field(metadata=describe("Cancellation of the batch, by a POST.", f"/v1/batches/{BATCH_ID}/cancel"))


@frozen(kw_only=True)
class Batch:
    """A batch: an execution of the same script version for each of its lines. Members that do not apply yet are
    null."""

    id: UUID = field(metadata=describe("Batch id.", BATCH_ID))
    script: ScriptReference = field(metadata=describe("Script version that the executions run."))
    alias: str | None = field(
        metadata=describe("Alias by which the request named the version; null if it named a number or none.", "live")
    )
    status: BatchStatus = field(
        metadata=describe(
            "`pending` until the first execution starts, `finished` once all have ended, whatever their outcome.",
            "pending",
        )
    )
    lines: int = field(
        validator=[ge(1), le(MAX_BATCH_LINES)], metadata=describe("Number of lines, and of executions.", 2)
    )
    counts: BatchCounts = field(metadata=describe("Executions by their status."))
    progress: float = field(
        validator=[ge(0), le(1)], metadata=describe("Share of the executions that have ended, from 0 to 1.", 0)
    )
    submitted_at: datetime = field(metadata=describe("Time of the submission.", MOMENT))
    submitted_by: str | None = field(
        metadata=describe("Name of the API key that submitted it; null if none was needed.", "ingestion")
    )
    cancelled_at: datetime | None = field(metadata=describe("Time of the cancellation; null if it was not cancelled."))
    finished_at: datetime | None = field(metadata=describe("Time at which the last execution ended."))
    content_removed_at: datetime | None = field(
        metadata=describe("Time at which datasets, results and logs of all executions were removed.")
    )
    links: BatchPaths = field(metadata=describe("Paths of what belongs to the batch."))


@frozen(kw_only=True)
class BatchList:
    """A page of batches, newest first."""

    items: tuple[Batch, ...] = field(metadata=describe("Batches of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
