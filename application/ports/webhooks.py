"""Ports to the webhooks: for clients that subscribe receivers, and for the processes that send them events."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import field, frozen
from returns.result import Result

from domain.audit import ANONYMOUS, Action, Actor
from domain.deliveries import Delivery, DeliveryStatus, SendOutcome
from domain.script import ScriptName
from domain.webhooks import TooManyWebhooks, Webhook, WebhookUrl


@frozen
class WebhookRecord:
    """A stored webhook, the names of its scripts by id, the number of its pending deliveries, and the name of the API
    key that created it."""

    webhook: Webhook
    script_names: tuple[ScriptName, ...] = ()
    pending: int = 0
    created_by: str | None = None


@frozen
class Secrets:
    """The secrets that sign a webhook's messages: the current one, and a former one as long as that is valid."""

    current: bytes = field(repr=False)
    former: bytes | None = field(default=None, repr=False)


class Webhooks(Protocol):
    """The webhooks and their deliveries, for clients. Each change is audited in the same transaction, with the actor
    `by`. Secrets are stored encrypted where content is.

    The events of executions, batches, replays and aliases are recorded by the stores of those, in the transactions that
    bring them about, for every enabled webhook that is subscribed to them.
    """

    async def add(
        self, webhook: Webhook, secret: bytes, by: Actor = ANONYMOUS
    ) -> Result[WebhookRecord, TooManyWebhooks]:
        """Store a webhook, whose scripts exist, unless there are too many."""
        ...

    async def find(self, webhook_id: UUID) -> WebhookRecord | None:
        """Find a webhook."""
        ...

    async def page(self, before: UUID | None, limit: int) -> Sequence[WebhookRecord]:
        """List up to `limit` webhooks, newest first, whose ids come before `before`."""
        ...

    async def change(
        self, webhook_id: UUID, change: Callable[[Webhook], Webhook], action: Action, by: Actor = ANONYMOUS
    ) -> WebhookRecord | None:
        """Change a webhook, which nobody else changes meanwhile. If it is disabled then, its pending deliveries are
        exhausted. If its URL has changed, or whether it is enabled, nobody holds it any more. A webhook that `change`
        returns unchanged is not audited."""
        ...

    async def rotate(
        self, webhook_id: UUID, secret: bytes, former_until: datetime, by: Actor = ANONYMOUS
    ) -> WebhookRecord | None:
        """Replace the secret. The former one stays valid until that time; one before it is forgotten. Nobody holds the
        webhook any more, so that its messages are signed with the new secret from now on."""
        ...

    async def remove(self, webhook_id: UUID, by: Actor = ANONYMOUS) -> bool:
        """Remove a webhook with its deliveries. Tell whether it was there."""
        ...

    async def add_test(self, webhook_id: UUID, delivery_id: UUID, by: Actor = ANONYMOUS) -> Delivery | None:
        """Record a test event for an enabled webhook, due at once."""
        ...

    async def delivery(self, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
        """Find a delivery of a webhook."""
        ...

    async def deliveries(
        self, webhook_id: UUID, status: DeliveryStatus | None, before: int | None, limit: int
    ) -> Sequence[Delivery]:
        """List up to `limit` deliveries of a webhook in that state, or in any, newest first, whose numbers come before
        `before`."""
        ...

    async def redeliver(
        self, webhook_id: UUID, delivery_id: UUID, change: Callable[[Delivery], Delivery], by: Actor = ANONYMOUS
    ) -> Delivery | None:
        """Change a delivery of an enabled webhook, which nobody else changes meanwhile, and wake the senders. If it was
        pending, nobody holds the webhook any more, lest an attempt that is under way undo the change."""
        ...

    async def forget_deliveries(self, before: datetime, count: int) -> int:
        """Remove up to `count` deliveries that ended before that time; how many they were."""
        ...


@frozen
class TakenWebhook:
    """A webhook that this process holds, its secrets, and its due deliveries in their order, with the name of the
    script of each."""

    webhook: Webhook
    secrets: Secrets
    deliveries: tuple[tuple[Delivery, ScriptName | None], ...]


class DeliveryWork(Protocol):
    """The same webhooks as the processes see them that send events. A process holds a webhook by a lease, so that its
    events are sent one after another; once the lease has expired, another process takes the webhook over, and an event
    whose attempt was not recorded is sent again."""

    async def take(self, webhooks: int, deliveries: int) -> Sequence[TakenWebhook]:
        """Take up to so many enabled webhooks with due deliveries that no process holds and that do not rest, each with
        up to so many of these, by number. Those come first that were never taken or taken the longest ago, so that none
        waits for the backlog of others. This process takes none that a client's change has taken from it before it has
        released it, or the lease has expired: what it began before the change must not be recorded after it."""
        ...

    async def renew(self, held: Collection[UUID]) -> frozenset[UUID]:
        """Extend the leases; return the ids of webhooks that this process no longer holds."""
        ...

    async def record(self, delivery: Delivery, webhook: Webhook) -> bool:
        """Store the state of a delivery after an attempt, and the health of its webhook, if this process holds the
        webhook, and tell whether it does. With a webhook that is now disabled, exhaust all of its pending deliveries,
        and audit that, without an actor. Nobody holds a webhook that is disabled, or removed."""
        ...

    async def release(self, webhook_ids: Collection[UUID]) -> None:
        """Give up the leases of webhooks. Nothing is recorded for them any more that was begun before."""
        ...


class SendMessage(Protocol):
    """The sender of signed messages over HTTP. It never raises for what a receiver does."""

    async def __call__(self, url: WebhookUrl, message_id: str, body: bytes, secrets: Secrets, /) -> SendOutcome:
        """Send a message by POST, signed with each secret, and return the outcome, within bounds of time and bytes."""
        ...
