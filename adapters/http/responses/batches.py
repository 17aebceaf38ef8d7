"""Batches as the shapes of the wire. Links begin with the path prefix `root`."""

from uuid import UUID

from adapters.http.responses.executions import script_reference
from adapters.http.wire.schemas import batches as shapes
from application.ports.batches import BatchRecord
from domain.batches import Batch, BatchCounts, status_of


def batch_href(root: str, batch_id: UUID) -> str:
    """Build the path of a batch."""
    return f"{root}/v1/batches/{batch_id}"


def batch(record: BatchRecord, root: str) -> shapes.Batch:
    """Represent a batch."""
    shown = record.batch
    return shapes.Batch(
        id=shown.id,
        script=script_reference(shown.script),
        alias=shown.alias,
        status=status_of(record.counts),
        lines=shown.lines,
        counts=_counts(record.counts),
        progress=_progress(record.counts),
        submitted_at=shown.submitted_at,
        submitted_by=record.submitted_by,
        cancelled_at=shown.cancelled_at,
        finished_at=shown.finished_at,
        content_removed_at=shown.content_removed_at,
        links=_links(shown, root),
    )


def _counts(counts: BatchCounts) -> shapes.BatchCounts:
    return shapes.BatchCounts(
        pending=counts.pending, running=counts.running, succeeded=counts.succeeded, failed=counts.failed
    )


def _progress(counts: BatchCounts) -> float:
    """Give the share of the executions that have ended; only a finished batch has reached 1."""
    ended = counts.succeeded + counts.failed
    return ended / (ended + counts.pending + counts.running)


def _links(shown: Batch, root: str) -> shapes.BatchPaths:
    href = batch_href(root, shown.id)
    return shapes.BatchPaths(
        batch=href,  # the member `self`
        results=f"{href}/results",
        executions=f"{root}/v1/executions?batch={shown.id}",
        cancel=f"{href}/cancel",
    )
