"""The port `DeliveryWork` of the store in memory."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from attrs import evolve

from adapters.memory.audit import MemoryAudit
from adapters.memory.outbox import DeliveryRow, MemoryOutbox, WebhookRow
from application.ports.system import Clock
from application.ports.webhooks import Secrets, TakenWebhook
from domain.audit import ANONYMOUS, Action, webhook_event
from domain.deliveries import Delivery, DeliveryStatus
from domain.script import ScriptName
from domain.webhooks import Webhook


class MemoryDeliveryWork:
    """The port `DeliveryWork`, for one process."""

    def __init__(self, outbox: MemoryOutbox, audit: MemoryAudit, clock: Clock, lease: timedelta) -> None:
        self._outbox, self._audit, self._clock, self._lease = outbox, audit, clock, lease
        self._holder: Final = uuid4()

    def of_another_process(self) -> "MemoryDeliveryWork":
        """Create the port of another process."""
        return MemoryDeliveryWork(self._outbox, self._audit, self._clock, self._lease)

    async def take(self, webhooks: int, deliveries: int) -> Sequence[TakenWebhook]:
        now = self._clock()
        free = [row for row in self._outbox.webhooks.values() if self._may_take(row) and self._due(row)]
        taken = sorted(free, key=lambda row: (row.leased_until is not None, row.leased_until))[:webhooks]
        for row in taken:
            row.held_by, row.leased_until = self._holder, now + self._lease
            self._forget_loss(row)
        return [self._taken(row, deliveries) for row in taken]

    def _may_take(self, row: WebhookRow) -> bool:
        now, rests_until = self._clock(), row.webhook.health.rests_until
        was_left = row.held_by is None and row.lost_by != self._holder
        is_free = was_left or row.leased_until is None or row.leased_until < now
        return is_free and row.webhook.disabled is None and (rests_until is None or rests_until <= now)

    def _due(self, row: WebhookRow) -> list[Delivery]:
        now = self._clock()
        pending = [one.delivery for one in row.pending]
        return [one for one in pending if one.due_at is not None and one.due_at <= now]

    def _taken(self, row: WebhookRow, deliveries: int) -> TakenWebhook:
        until, names = row.webhook.former_secret_until, self._audit.names
        former = row.former_secret if until is not None and self._clock() < until else None
        due = ((one, names.get(one.script_id)) for one in self._due(row)[:deliveries])
        named = tuple((one, None if name is None else ScriptName(name)) for one, name in due)
        return TakenWebhook(row.webhook, Secrets(row.secret, former), named)

    async def renew(self, held: Collection[UUID]) -> frozenset[UUID]:
        kept = {one: row for one in held if (row := self._held(one)) is not None}
        for row in kept.values():
            row.leased_until = self._clock() + self._lease
        return frozenset(held) - kept.keys()

    async def record(self, delivery: Delivery, webhook: Webhook) -> bool:
        row = self._held(webhook.id)
        if row is None:
            return False
        stored = row.find(delivery.id)
        if stored is not None:
            self._store(stored, delivery)
        row.webhook = evolve(row.webhook, health=webhook.health, disabled=webhook.disabled)
        if webhook.disabled is not None:
            row.end(self._clock())
            self._audit.record(webhook_event(Action.DISABLED_WEBHOOK, webhook.id, ANONYMOUS))
        return True

    def _store(self, row: DeliveryRow, delivery: Delivery) -> None:
        row.delivery = delivery
        row.ended_at = None if delivery.status is DeliveryStatus.PENDING else self._clock()

    async def release(self, webhook_ids: Collection[UUID]) -> None:
        for one in webhook_ids:
            if (row := self._outbox.webhooks.get(one)) is not None:
                row.held_by = None if row.held_by == self._holder else row.held_by
                self._forget_loss(row)

    def _forget_loss(self, row: WebhookRow) -> None:
        row.lost_by = None if row.lost_by == self._holder else row.lost_by

    def _held(self, webhook_id: UUID) -> WebhookRow | None:
        row = self._outbox.webhooks.get(webhook_id)
        return row if row is not None and row.held_by == self._holder else None
