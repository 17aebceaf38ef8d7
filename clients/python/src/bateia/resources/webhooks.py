"""Webhooks and their deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from bateia.documents import without_none
from bateia.exchange import Flow
from bateia.hosting import MERGE_PATCH
from bateia.listing import Listing, query_of
from bateia.requesting import change, path_to, read
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.webhook_records import Delivery, Webhook, WebhookWithSecret

DeliveryStatus: TypeAlias = Literal["pending", "delivered", "exhausted"]


def path_of(webhook: str, *more: str) -> str:
    """Make the path of a webhook, or of what belongs to it."""
    return path_to("webhooks", webhook, *more)


def list_webhooks() -> Listing[Webhook]:
    """List the webhooks."""
    return Listing("/v1/webhooks", Webhook.of)


def read_webhook(webhook: str) -> Flow[Webhook]:
    """Read a webhook, with the health of its receiver."""
    return Webhook.from_flow(read(path_of(webhook)))


def create_webhook(
    url: str, events: Iterable[str], *, scripts: Iterable[str] | None = None, description: str = ""
) -> Flow[WebhookWithSecret]:
    """Create a webhook for events, such as `execution.failed`, of some scripts or of all. It is not sent twice."""
    wanted = {"url": url, "events": list(events), "description": description}
    wanted |= {} if scripts is None else {"scripts": list(scripts)}
    return WebhookWithSecret.from_flow(change("POST", "/v1/webhooks", wanted))


def change_webhook(
    webhook: str,
    *,
    url: str | None = None,
    events: Iterable[str] | None = None,
    scripts: Iterable[str] | None = None,
    description: str | None = None,
    enabled: bool | None = None,
) -> Flow[Webhook]:
    """Change a webhook; what is None stays. Empty `scripts` are all of them."""
    named = {"url": url, "events": None if events is None else list(events), "description": description}
    changes = without_none({**named, "enabled": enabled})
    changes |= {} if scripts is None else {"scripts": list(scripts) or None}
    headers = {"Content-Type": MERGE_PATCH}
    return Webhook.from_flow(change("PATCH", path_of(webhook), changes, headers=headers, repeatable=True))


def delete_webhook(webhook: str) -> Flow[None]:
    """Delete a webhook with its deliveries, for good."""
    yield from change("DELETE", path_of(webhook))


def rotate_secret(webhook: str, overlap_seconds: int = 86_400) -> Flow[WebhookWithSecret]:
    """Make a new signing secret; the former one signs as well for a while. It is not sent twice."""
    return WebhookWithSecret.from_flow(change("POST", path_of(webhook, "rotate"), {"overlap_seconds": overlap_seconds}))


def send_test(webhook: str) -> Flow[Delivery]:
    """Send a test message."""
    return Delivery.from_flow(change("POST", path_of(webhook, "test")))


def list_deliveries(webhook: str, status: DeliveryStatus | None = None) -> Listing[Delivery]:
    """List the deliveries of a webhook, the newest first."""
    return Listing(path_of(webhook, "deliveries"), Delivery.of, query_of(status=status))


def read_delivery(webhook: str, delivery: str) -> Flow[Delivery]:
    """Read a delivery, with its message and the receiver's last response."""
    return Delivery.from_flow(read(path_of(webhook, "deliveries", delivery)))


def redeliver(webhook: str, delivery: str) -> Flow[Delivery]:
    """Send a delivery again."""
    return Delivery.from_flow(change("POST", path_of(webhook, "deliveries", delivery, "redeliver")))


class Webhooks(Group[C]):
    """Webhooks and their deliveries."""

    list = ItemsOf(list_webhooks)
    get = Operation(read_webhook)
    create = Operation(create_webhook)
    change = Operation(change_webhook)
    delete = Operation(delete_webhook)
    rotate = Operation(rotate_secret)
    test = Operation(send_test)
    deliveries = ItemsOf(list_deliveries)
    delivery = Operation(read_delivery)
    redeliver = Operation(redeliver)
