"""The use cases of webhooks with their ports bound, once for each process."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from attrs import Factory, field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.webhooks import WebhookRecord
from application.webhooks.change import ChangeRefused, WebhookChange, change_webhook, remove_webhook, rotate_secret
from application.webhooks.read import (
    DeliveryDetails,
    DeliveryNotFound,
    DeliveryPage,
    ReadingPorts,
    UnknownWebhook,
    describe_delivery,
    find_delivery,
    find_webhook,
    list_deliveries,
)
from application.webhooks.script_names import ScriptNames
from application.webhooks.send_again import RedeliveryRefused, TestRefused, send_again, send_test
from application.webhooks.subscribe import (
    Subscribe,
    SubscriptionRefused,
    WebhookPorts,
    WebhookWithSecret,
    subscribe,
)
from domain.audit import Actor
from domain.deliveries import Delivery

_R = TypeVar("_R")


def _reading(use_cases: "WebhookUseCases") -> ReadingPorts:
    ports = use_cases.ports
    return ReadingPorts(webhooks=ports.webhooks, names=ScriptNames(ports.scripts), root_path=ports.root_path)


@frozen
class WebhookUseCases:
    """Subscribe receivers to events, change and read their webhooks, and send events again."""

    ports: WebhookPorts
    _reading_ports: ReadingPorts = field(init=False, repr=False, default=Factory(_reading, takes_self=True))

    async def subscribe(self, command: Subscribe) -> Result[WebhookWithSecret, SubscriptionRefused]:
        """Store a webhook, with a new secret."""
        return await subscribe(self.ports, command)

    async def find(self, webhook_id: UUID) -> Result[WebhookRecord, UnknownWebhook]:
        """Find a webhook."""
        return await find_webhook(self.ports.webhooks, webhook_id)

    async def page(self, before: UUID | None, limit: int) -> Sequence[WebhookRecord]:
        """Read a page of the webhooks, newest first."""
        return await self.ports.webhooks.page(before, limit)

    async def change(
        self, webhook_id: UUID, change: WebhookChange, actor: Actor
    ) -> Result[WebhookRecord, ChangeRefused]:
        """Change members of a webhook; enable or disable it."""
        return await change_webhook(self.ports, webhook_id, change, actor)

    async def rotate(
        self, webhook_id: UUID, overlap: timedelta, actor: Actor
    ) -> Result[WebhookWithSecret, UnknownWebhook]:
        """Give a webhook a new secret; the former one stays valid for the time of the overlap."""
        return await rotate_secret(self.ports, webhook_id, overlap, actor)

    async def remove(self, webhook_id: UUID, actor: Actor) -> Result[None, UnknownWebhook]:
        """Remove a webhook with its deliveries."""
        return await remove_webhook(self.ports, webhook_id, actor)

    async def test(self, webhook_id: UUID, actor: Actor) -> Result[DeliveryDetails, TestRefused]:
        """Send a test event."""
        return await self._described(await send_test(self.ports, webhook_id, actor))

    async def redeliver(
        self, webhook_id: UUID, delivery_id: UUID, actor: Actor
    ) -> Result[DeliveryDetails, RedeliveryRefused]:
        """Send a delivery again."""
        return await self._described(await send_again(self.ports, webhook_id, delivery_id, actor))

    async def delivery(self, webhook_id: UUID, delivery_id: UUID) -> Result[DeliveryDetails, DeliveryNotFound]:
        """Find a delivery of a webhook, with its message."""
        return await find_delivery(self._reading_ports, webhook_id, delivery_id)

    async def deliveries(self, wanted: DeliveryPage) -> Result[Sequence[DeliveryDetails], UnknownWebhook]:
        """Read a page of the deliveries of a webhook, newest first, with their messages."""
        return await list_deliveries(self._reading_ports, wanted)

    async def _described(self, sent: Result[Delivery, _R]) -> Result[DeliveryDetails, _R]:
        if not is_successful(sent):
            return Failure(sent.failure())
        return Success(await describe_delivery(self._reading_ports, sent.unwrap()))
