"""Webhooks and their deliveries as the shapes of the wire."""

from typing import Any
from uuid import UUID

from msgspec import Raw

from adapters.http.wire.schemas import webhook_deliveries
from adapters.http.wire.schemas import webhooks as shapes
from application.ports.webhooks import WebhookRecord
from application.webhooks.read import DeliveryDetails
from application.webhooks.subscribe import WebhookWithSecret
from domain.deliveries import Attempt, NoResponse, Responded
from domain.webhooks import Disabled, Health


def webhook_href(root: str, webhook_id: UUID) -> str:
    """Build the path of a webhook."""
    return f"{root}/v1/webhooks/{webhook_id}"


def delivery_href(root: str, webhook_id: UUID, delivery_id: UUID) -> str:
    """Build the path of a delivery."""
    return f"{webhook_href(root, webhook_id)}/deliveries/{delivery_id}"


def webhook(record: WebhookRecord) -> shapes.Webhook:
    """Represent a webhook."""
    return shapes.Webhook(**_members(record))


def webhook_with_secret(created: WebhookWithSecret) -> shapes.WebhookWithSecret:
    """Represent a webhook with its new secret."""
    return shapes.WebhookWithSecret(**_members(created.record), secret=created.secret)


def delivery(details: DeliveryDetails) -> webhook_deliveries.Delivery:
    """Represent a delivery with its message, as it is sent."""
    one = details.delivery
    return webhook_deliveries.Delivery(
        id=one.id,
        event=one.event,
        status=one.status,
        attempts=one.attempts,
        due_at=one.due_at,
        created_at=one.created_at,
        last=None if one.last is None else _attempt(one.last),
        payload=Raw(details.message),
    )


def _members(record: WebhookRecord) -> dict[str, Any]:
    one = record.webhook
    return {
        "id": one.id,
        "url": one.url.value,
        "events": tuple(shapes.SubscribableEvent(event.value) for event in sorted(one.events)),
        "scripts": _scripts(record),
        "description": one.description,
        "status": shapes.WebhookStatus.ENABLED if one.disabled is None else shapes.WebhookStatus.DISABLED,
        "disabled": None if one.disabled is None else _disabled(one.disabled),
        "health": _health(one.health),
        "pending": record.pending,
        "created_at": one.created_at,
        "created_by": record.created_by,
        "former_secret_until": one.former_secret_until,
    }


def _scripts(record: WebhookRecord) -> tuple[shapes.WebhookScript, ...] | None:
    """Represent the scripts, whose names the record has in the order of their ids."""
    ids = record.webhook.scripts
    if ids is None:
        return None
    named = zip(sorted(ids), record.script_names, strict=True)
    return tuple(shapes.WebhookScript(id=one, name=name.value) for one, name in named)


def _disabled(disabled: Disabled) -> shapes.WebhookDisabling:
    return shapes.WebhookDisabling(at=disabled.at, reason=disabled.reason)


def _health(health: Health) -> shapes.WebhookHealth:
    return shapes.WebhookHealth(
        failures=health.failures, failing_since=health.failing_since, rests_until=health.rests_until
    )


def _attempt(attempt: Attempt) -> webhook_deliveries.DeliveryAttempt:
    response = attempt.outcome if isinstance(attempt.outcome, Responded) else None
    missing = attempt.outcome if isinstance(attempt.outcome, NoResponse) else None
    return webhook_deliveries.DeliveryAttempt(
        at=attempt.at,
        duration_ms=attempt.duration_ms,
        status=None if response is None else response.status,
        response=None if response is None else response.text,
        fault=None if missing is None else missing.fault,
        detail=None if missing is None else missing.detail or None,
    )
