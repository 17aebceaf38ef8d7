"""The outbox of the store in memory: its webhooks, and the events that its other parts record for them.

A part calls `record` without awaiting anything since the change that the event is about, so both happen at once.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid4

from attrs import asdict, define, field

from application.ports.system import Clock
from domain.aliases import AliasMove
from domain.batches import Batch
from domain.deliveries import Delivery, DeliveryStatus, exhaust
from domain.execution import Failed, Finished, Succeeded
from domain.jobs import Job
from domain.version_replays import ReplayReport, VersionReplay
from domain.webhooks import EventType, Webhook, is_subscribed


@define
class DeliveryRow:
    """A delivery, and the time at which it was delivered or exhausted."""

    delivery: Delivery
    ended_at: datetime | None = None


@define
class WebhookRow:
    """A webhook, its secrets, its deliveries by number, and the hold of a process."""

    webhook: Webhook
    secret: bytes = field(repr=False)
    former_secret: bytes | None = field(default=None, repr=False)
    deliveries: list[DeliveryRow] = field(factory=list)
    held_by: UUID | None = None
    leased_until: datetime | None = None
    lost_by: UUID | None = None

    @property
    def pending(self) -> list[DeliveryRow]:
        """The deliveries that wait for an attempt."""
        return [row for row in self.deliveries if row.delivery.status is DeliveryStatus.PENDING]

    def find(self, delivery_id: UUID) -> DeliveryRow | None:
        """Find a delivery."""
        return next((row for row in self.deliveries if row.delivery.id == delivery_id), None)

    def end(self, at: datetime) -> None:
        """Give up all that waits, and the hold, since the webhook is disabled."""
        for row in self.pending:
            row.delivery, row.ended_at = exhaust(row.delivery), at
        self.end_hold()

    def end_hold(self) -> None:
        """End the hold, if there is one, on account of a change."""
        if self.held_by is not None:
            self.held_by, self.lost_by = None, self.held_by


class MemoryOutbox:
    """The webhooks by id, and `wake`, which is called whenever something is due."""

    def __init__(self, clock: Clock) -> None:
        self._clock: Final = clock
        self._numbers: Final = count(1)
        self.webhooks: Final[dict[UUID, WebhookRow]] = {}
        self.wake: Callable[[], None] = lambda: None

    def record(self, event: EventType, script_id: UUID, facts: Mapping[str, Any]) -> None:
        """Record an event of a script for each webhook that is subscribed to it."""
        for row in self.webhooks.values():
            if is_subscribed(row.webhook, event, script_id):
                self.add(row, event, script_id, facts)

    def add(
        self,
        row: WebhookRow,
        event: EventType,
        script_id: UUID | None,
        facts: Mapping[str, Any],
        delivery_id: UUID | None = None,
    ) -> Delivery:
        """Record an event for one webhook."""
        delivery = Delivery(
            id=delivery_id or uuid4(),
            number=next(self._numbers),
            webhook_id=row.webhook.id,
            event=event,
            created_at=self._clock(),
            script_id=script_id,
            facts=json.dumps(facts),
            due_at=self._clock(),
        )
        row.deliveries.append(DeliveryRow(delivery))
        self.wake()
        return delivery

    def record_end(self, execution: Finished) -> None:
        """Record that an execution has ended, unless it belongs to a batch or is a replay."""
        submission = execution.submission
        if submission.replay_of is not None or submission.attribution.batch is not None:
            return
        facts = {
            "execution": str(submission.id),
            "version": submission.script.version,
            "alias": submission.attribution.alias,
        }
        match execution:
            case Succeeded(output=output):
                facts |= {"status": "succeeded", "result_sha256": output.sha256, "result_bytes": output.size_bytes}
                self.record(EventType.EXECUTION_SUCCEEDED, submission.script.id, facts)
            case Failed(error=error):
                facts |= {"status": "failed", "error_kind": error.kind.value}
                self.record(EventType.EXECUTION_FAILED, submission.script.id, facts)

    def record_batch(self, batch: Batch) -> None:
        """Record that a batch has finished."""
        facts = {
            "batch": str(batch.id),
            "version": batch.script.version,
            "lines": batch.lines,
            "succeeded": batch.succeeded,
            "failed": batch.failed,
            "cancelled": batch.cancelled_at is not None,
        }
        self.record(EventType.BATCH_FINISHED, batch.script.id, facts)

    def record_replay(self, replay: VersionReplay, report: ReplayReport) -> None:
        """Record that a replay on a version has finished."""
        counts = asdict(report.counts)
        facts = {"replay": str(replay.id), "version": replay.version, "executions": counts["total"], "counts": counts}
        self.record(EventType.REPLAY_FINISHED, replay.script_id, facts)

    def record_job(self, job: Job) -> None:
        """Record that a job has finished."""
        facts: dict[str, Any] = {"job": str(job.id), "version": job.script.version, "status": job.status.value}
        if job.error is not None:
            facts["error_kind"] = job.error.kind.value
        if job.outcome is not None:
            facts |= {"objects": job.outcome.objects, "size_bytes": job.outcome.size_bytes}
        self.record(EventType.JOB_FINISHED, job.script.id, facts)

    def record_move(self, script_id: UUID, move: AliasMove) -> None:
        """Record that an alias was moved."""
        facts = {
            "alias": move.alias.value,
            "from_version": move.from_version,
            "to_version": move.to_version,
            "reason": move.reason.value,
        }
        self.record(EventType.ALIAS_MOVED, script_id, facts)
