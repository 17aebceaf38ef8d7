"""Send a webhook an event at a client's wish: a test event, or one of its deliveries again."""

from typing import TypeAlias
from uuid import UUID

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.webhooks import Webhooks
from application.webhooks.read import DeliveryNotFound, UnknownDelivery, UnknownWebhook, find_webhook
from application.webhooks.subscribe import WebhookPorts
from domain.audit import Actor
from domain.deliveries import Delivery, redeliver
from domain.webhooks import WebhookDisabled

TestRefused: TypeAlias = UnknownWebhook | WebhookDisabled
RedeliveryRefused: TypeAlias = DeliveryNotFound | WebhookDisabled


async def send_test(ports: WebhookPorts, webhook_id: UUID, actor: Actor) -> Result[Delivery, TestRefused]:
    """Record a test event, which is sent like any other."""
    delivery = await ports.webhooks.add_test(webhook_id, ports.new_id(), actor)
    return Success(delivery) if delivery is not None else Failure(await _refusal(ports.webhooks, webhook_id))


async def send_again(
    ports: WebhookPorts, webhook_id: UUID, delivery_id: UUID, actor: Actor
) -> Result[Delivery, RedeliveryRefused]:
    """Send a delivery again as if it were new, whatever became of it."""
    at = ports.clock()
    changed = await ports.webhooks.redeliver(webhook_id, delivery_id, lambda one: redeliver(one, at), actor)
    if changed is not None:
        return Success(changed)
    if await ports.webhooks.delivery(webhook_id, delivery_id) is None:
        found = await find_webhook(ports.webhooks, webhook_id)
        return Failure(UnknownDelivery(delivery_id) if is_successful(found) else found.failure())
    return Failure(await _refusal(ports.webhooks, webhook_id))


async def _refusal(webhooks: Webhooks, webhook_id: UUID) -> UnknownWebhook | WebhookDisabled:
    """Find out why an event was not accepted for a webhook."""
    found = await find_webhook(webhooks, webhook_id)
    return WebhookDisabled(found.unwrap().webhook) if is_successful(found) else found.failure()
