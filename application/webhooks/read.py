"""Read webhooks and their deliveries."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.webhooks import WebhookRecord, Webhooks
from application.webhooks.script_names import ScriptNames
from domain.deliveries import Delivery, DeliveryStatus
from domain.script import ScriptName
from domain.webhook_messages import message


@frozen
class UnknownWebhook:
    """No webhook has that id."""

    id: UUID


@frozen
class UnknownDelivery:
    """The webhook has no delivery of that id."""

    id: UUID


DeliveryNotFound: TypeAlias = UnknownWebhook | UnknownDelivery


@frozen
class DeliveryDetails:
    """A delivery and its message, which is JSON text."""

    delivery: Delivery
    message: bytes


@frozen(kw_only=True)
class ReadingPorts:
    """The ports of reads of deliveries. `root_path` is the path prefix of the service."""

    webhooks: Webhooks
    names: ScriptNames
    root_path: str = ""


@frozen(kw_only=True)
class DeliveryPage:
    """The wanted deliveries of a webhook: those in that state, or in any, whose numbers come before `before`."""

    webhook_id: UUID
    status: DeliveryStatus | None = None
    before: int | None = None
    limit: int


async def find_webhook(webhooks: Webhooks, webhook_id: UUID) -> Result[WebhookRecord, UnknownWebhook]:
    """Find a webhook."""
    record = await webhooks.find(webhook_id)
    return Failure(UnknownWebhook(webhook_id)) if record is None else Success(record)


async def find_delivery(
    ports: ReadingPorts, webhook_id: UUID, delivery_id: UUID
) -> Result[DeliveryDetails, DeliveryNotFound]:
    """Find a delivery of a webhook."""
    delivery = await ports.webhooks.delivery(webhook_id, delivery_id)
    if delivery is not None:
        return Success(await describe_delivery(ports, delivery))
    found = await find_webhook(ports.webhooks, webhook_id)
    return Failure(UnknownDelivery(delivery_id)) if is_successful(found) else Failure(found.failure())


async def list_deliveries(
    ports: ReadingPorts, wanted: DeliveryPage
) -> Result[Sequence[DeliveryDetails], UnknownWebhook]:
    """List deliveries of a webhook, newest first."""
    page = await ports.webhooks.deliveries(wanted.webhook_id, wanted.status, wanted.before, wanted.limit)
    if not page:
        return (await find_webhook(ports.webhooks, wanted.webhook_id)).map(lambda _: ())
    names = await ports.names.of(one.script_id for one in page)
    return Success([_details(ports, one, names.get(one.script_id)) for one in page])


async def describe_delivery(ports: ReadingPorts, delivery: Delivery) -> DeliveryDetails:
    """Compose the message of a delivery, as it is sent."""
    names = await ports.names.of([delivery.script_id])
    return _details(ports, delivery, names.get(delivery.script_id))


def _details(ports: ReadingPorts, delivery: Delivery, name: ScriptName | None) -> DeliveryDetails:
    return DeliveryDetails(delivery, message(delivery, name, ports.root_path))
