"""Change a webhook: its subscription, its secret, or whether it is enabled; remove it."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from attrs import evolve, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.webhooks import WebhookRecord
from application.webhooks.read import UnknownWebhook
from application.webhooks.subscribe import WebhookPorts, WebhookWithSecret
from application.webhooks.subscription import (
    InvalidSubscription,
    SubscriptionFaults,
    WantedScripts,
    faults_of,
    find_scripts,
    parse_url,
)
from domain.audit import Action, Actor
from domain.script import Description
from domain.webhook_messages import secret_text
from domain.webhooks import HEALTHY, DisabledReason, EventType, Webhook, disable, enable

ChangeRefused: TypeAlias = UnknownWebhook | InvalidSubscription


@frozen(kw_only=True)
class WebhookChange:
    """A change of the members that are not None. `events` are at least one of `SUBSCRIBABLE`."""

    url: str | None = None
    events: AbstractSet[EventType] | None = None
    scripts: WantedScripts | None = None
    description: Description | None = None
    enabled: bool | None = None


async def change_webhook(
    ports: WebhookPorts, webhook_id: UUID, change: WebhookChange, actor: Actor
) -> Result[WebhookRecord, ChangeRefused]:
    """Apply a change. A webhook that is disabled records no events, and its pending deliveries end."""
    members = await _members(ports, change)
    if not is_successful(members):
        return Failure(InvalidSubscription(members.failure()))
    action = Action.DISABLED_WEBHOOK if change.enabled is False else Action.CHANGED_WEBHOOK
    at = ports.clock()

    def changed(webhook: Webhook) -> Webhook:
        return _enabled(_subscribed(webhook, members.unwrap()), change.enabled, at)

    record = await ports.webhooks.change(webhook_id, changed, action, actor)
    return Failure(UnknownWebhook(webhook_id)) if record is None else Success(record)


async def rotate_secret(
    ports: WebhookPorts, webhook_id: UUID, overlap: timedelta, actor: Actor
) -> Result[WebhookWithSecret, UnknownWebhook]:
    """Give a webhook a new secret. Messages are signed with the former one too for the time of the overlap, which is at
    most `MAX_OVERLAP`."""
    secret = ports.new_secret()
    record = await ports.webhooks.rotate(webhook_id, secret, ports.clock() + overlap, actor)
    if record is None:
        return Failure(UnknownWebhook(webhook_id))
    return Success(WebhookWithSecret(record, secret_text(secret)))


async def remove_webhook(ports: WebhookPorts, webhook_id: UUID, actor: Actor) -> Result[None, UnknownWebhook]:
    """Remove a webhook with its deliveries."""
    was_there = await ports.webhooks.remove(webhook_id, actor)
    return Success(None) if was_there else Failure(UnknownWebhook(webhook_id))


async def _members(ports: WebhookPorts, change: WebhookChange) -> Result[Mapping[str, Any], SubscriptionFaults]:
    """Check the change, and name the members of a webhook that it replaces."""
    url = None if change.url is None else parse_url(change.url, ports.allow_http)
    scripts = None if change.scripts is None else await find_scripts(ports.scripts, change.scripts)
    checks = {name: check for name, check in (("url", url), ("scripts", scripts)) if check is not None}
    if faults := faults_of(*checks.values()):
        return Failure(faults)
    members: dict[str, Any] = {name: check.unwrap() for name, check in checks.items()}
    if change.events is not None:
        members["events"] = frozenset(change.events)
    if change.description is not None:
        members["description"] = change.description.value
    return Success(members)


def _subscribed(webhook: Webhook, members: Mapping[str, Any]) -> Webhook:
    """Replace members. The failures of a receiver do not count against one at another URL."""
    changed = evolve(webhook, **members)
    return changed if changed.url == webhook.url else evolve(changed, health=HEALTHY)


def _enabled(webhook: Webhook, enabled: bool | None, at: datetime) -> Webhook:
    if enabled is None:
        return webhook
    return enable(webhook) if enabled else disable(webhook, DisabledReason.REQUESTED, at)
