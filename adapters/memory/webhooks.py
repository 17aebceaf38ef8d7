"""The port `Webhooks` of the store in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from attrs import evolve
from returns.result import Failure, Result, Success

from adapters.memory.audit import MemoryAudit
from adapters.memory.outbox import MemoryOutbox, WebhookRow
from application.ports.system import Clock
from application.ports.webhooks import WebhookRecord
from domain.audit import ANONYMOUS, Action, Actor, webhook_event
from domain.deliveries import Delivery, DeliveryStatus
from domain.script import ScriptName
from domain.webhooks import MAX_WEBHOOKS, EventType, TooManyWebhooks, Webhook


class MemoryWebhooks:
    """The port `Webhooks`."""

    def __init__(self, outbox: MemoryOutbox, audit: MemoryAudit, clock: Clock) -> None:
        self._outbox, self._audit, self._clock = outbox, audit, clock

    async def add(
        self, webhook: Webhook, secret: bytes, by: Actor = ANONYMOUS
    ) -> Result[WebhookRecord, TooManyWebhooks]:
        if len(self._outbox.webhooks) >= MAX_WEBHOOKS:
            return Failure(TooManyWebhooks())
        self._outbox.webhooks[webhook.id] = row = WebhookRow(webhook, secret)
        return Success(self._audited(Action.CREATED_WEBHOOK, row, by))

    async def find(self, webhook_id: UUID) -> WebhookRecord | None:
        row = self._outbox.webhooks.get(webhook_id)
        return None if row is None else self._shown(row)

    async def page(self, before: UUID | None, limit: int) -> Sequence[WebhookRecord]:
        newest_first = sorted(self._outbox.webhooks.items(), key=lambda item: item[0], reverse=True)
        return [self._shown(row) for webhook_id, row in newest_first if before is None or webhook_id < before][:limit]

    async def change(
        self, webhook_id: UUID, change: Callable[[Webhook], Webhook], action: Action, by: Actor = ANONYMOUS
    ) -> WebhookRecord | None:
        row = self._outbox.webhooks.get(webhook_id)
        if row is None:
            return None
        changed = change(row.webhook)
        if changed == row.webhook:
            return self._shown(row)
        if (changed.url, changed.disabled) != (row.webhook.url, row.webhook.disabled):
            row.end_hold()
        row.webhook = changed
        if changed.disabled is not None:
            row.end(self._clock())
        return self._audited(action, row, by)

    async def rotate(
        self, webhook_id: UUID, secret: bytes, former_until: datetime, by: Actor = ANONYMOUS
    ) -> WebhookRecord | None:
        row = self._outbox.webhooks.get(webhook_id)
        if row is None:
            return None
        row.secret, row.former_secret = secret, row.secret
        row.end_hold()
        row.webhook = evolve(row.webhook, former_secret_until=former_until)
        return self._audited(Action.ROTATED_WEBHOOK, row, by)

    async def remove(self, webhook_id: UUID, by: Actor = ANONYMOUS) -> bool:
        if self._outbox.webhooks.pop(webhook_id, None) is None:
            return False
        self._audit.record(webhook_event(Action.REMOVED_WEBHOOK, webhook_id, by))
        return True

    async def add_test(self, webhook_id: UUID, delivery_id: UUID, by: Actor = ANONYMOUS) -> Delivery | None:
        row = self._enabled(webhook_id)
        if row is None:
            return None
        self._audit.record(webhook_event(Action.TESTED_WEBHOOK, webhook_id, by))
        return self._outbox.add(row, EventType.TEST, None, {"webhook": str(webhook_id)}, delivery_id)

    async def delivery(self, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
        webhook = self._outbox.webhooks.get(webhook_id)
        row = None if webhook is None else webhook.find(delivery_id)
        return None if row is None else row.delivery

    async def deliveries(
        self, webhook_id: UUID, status: DeliveryStatus | None, before: int | None, limit: int
    ) -> Sequence[Delivery]:
        row = self._outbox.webhooks.get(webhook_id)
        newest_first = [] if row is None else [one.delivery for one in reversed(row.deliveries)]
        wanted = (one for one in newest_first if before is None or one.number < before)
        return [one for one in wanted if status in (None, one.status)][:limit]

    async def redeliver(
        self, webhook_id: UUID, delivery_id: UUID, change: Callable[[Delivery], Delivery], by: Actor = ANONYMOUS
    ) -> Delivery | None:
        webhook = self._enabled(webhook_id)
        row = None if webhook is None else webhook.find(delivery_id)
        if webhook is None or row is None:
            return None
        if row.delivery.status is DeliveryStatus.PENDING:
            webhook.end_hold()
        row.delivery, row.ended_at = change(row.delivery), None
        self._audit.record(webhook_event(Action.REDELIVERED, webhook_id, by))
        self._outbox.wake()
        return row.delivery

    async def forget_deliveries(self, before: datetime, count: int) -> int:
        rows = [(webhook, row) for webhook in self._outbox.webhooks.values() for row in webhook.deliveries]
        old = [(webhook, row) for webhook, row in rows if row.ended_at is not None and row.ended_at < before]
        for webhook, row in old[:count]:
            webhook.deliveries.remove(row)
        return len(old[:count])

    def _enabled(self, webhook_id: UUID) -> WebhookRow | None:
        row = self._outbox.webhooks.get(webhook_id)
        return row if row is not None and row.webhook.disabled is None else None

    def _audited(self, action: Action, row: WebhookRow, by: Actor) -> WebhookRecord:
        self._audit.record(webhook_event(action, row.webhook.id, by))
        return self._shown(row)

    def _shown(self, row: WebhookRow) -> WebhookRecord:
        names = self._audit.names
        return WebhookRecord(
            webhook=row.webhook,
            script_names=tuple(ScriptName(names[one]) for one in sorted(row.webhook.scripts or ())),
            pending=len(row.pending),
            created_by=names.get(row.webhook.created_by),
        )
