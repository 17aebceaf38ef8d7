"""The examples of answers about webhooks, and of the messages that they send: a receiver is down for a moment."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from attrs import asdict, evolve

from adapters.http.openapi.example_files import example_value
from adapters.http.responses import webhooks
from adapters.http.wire.converter import unstructure
from adapters.http.wire.schemas import webhooks as shapes
from adapters.http.wire.schemas.executions import EXECUTION_ID
from adapters.http.wire.schemas.jobs import JOB_ID
from adapters.http.wire.schemas.scripts import SCRIPT_ID
from adapters.http.wire.schemas.version_replays import REPLAY_ID
from adapters.http.wire.schemas.webhook_deliveries import DELIVERY_ID, DeliveryList
from adapters.http.wire.schemas.webhook_messages import BATCH_ID
from adapters.http.wire.schemas.webhooks import WEBHOOK_ID, WebhookList
from application.ports.webhooks import WebhookRecord
from application.webhooks.read import DeliveryDetails
from application.webhooks.subscribe import WebhookWithSecret
from domain.body import digest
from domain.deliveries import Attempt, Delivery, Responded, record_attempt, redeliver
from domain.outcome import ErrorKind
from domain.replay_sums import ReplayCounts
from domain.script import ScriptName
from domain.webhook_messages import message
from domain.webhooks import EventType, Webhook, WebhookUrl

_AT: Final = datetime(2026, 11, 24, 9, 20, tzinfo=UTC)
_SCRIPT: Final = ScriptName("corporate-cards")
_RESULT: Final = digest(json.dumps(example_value("result"), separators=(",", ":")).encode())
_OVERLAP: Final = timedelta(seconds=example_value("new-rotation")["overlap_seconds"])
_TEST_ID: Final = "3d8a1f60-52c7-4b1e-8f0a-9b7c6d5e4f30"
_OF_EXECUTION: Final = {"execution": EXECUTION_ID, "version": 1, "alias": None}
_FACTS: Final[Mapping[EventType, Mapping[str, Any]]] = {
    EventType.EXECUTION_SUCCEEDED: {
        **_OF_EXECUTION,
        "status": "succeeded",
        "result_sha256": _RESULT.sha256,
        "result_bytes": _RESULT.size_bytes,
    },
    EventType.EXECUTION_FAILED: {**_OF_EXECUTION, "status": "failed", "error_kind": ErrorKind.SCRIPT_ERROR.value},
    EventType.BATCH_FINISHED: {
        "batch": BATCH_ID,
        "version": 1,
        "lines": 1_000,
        "succeeded": 998,
        "failed": 2,
        "cancelled": False,
    },
    EventType.REPLAY_FINISHED: {
        "replay": REPLAY_ID,
        "version": 1,
        "executions": 50,
        "counts": asdict(ReplayCounts(total=50, equal=49, changed=1)),
    },
    EventType.ALIAS_MOVED: {"alias": "live", "from_version": 1, "to_version": 2, "reason": "promotion"},
    EventType.JOB_FINISHED: {"job": JOB_ID, "version": 1, "status": "succeeded", "objects": 1, "size_bytes": 4_096},
    EventType.TEST: {"webhook": WEBHOOK_ID},
}


def message_name(event: EventType) -> str:
    """Build the name of the example of an event's message."""
    return f"{event.value.replace('.', '-')}-message"


def webhook_values() -> dict[str, Any]:
    """Map the names of examples to the JSON values of their answers and messages."""
    values = {name: msgspec.json.decode(msgspec.json.encode(unstructure(shape))) for name, shape in _answers().items()}
    return values | {message_name(event): json.loads(_details(_delivery(event)).message) for event in EventType}


def _answers() -> dict[str, Any]:
    attempt = Attempt(_AT + timedelta(milliseconds=12), 84, Responded(503, "upstream is restarting"))
    ended_at = attempt.at + timedelta(milliseconds=attempt.duration_ms)
    tried, failing = record_attempt(_delivery(EventType.EXECUTION_SUCCEEDED), _webhook(), attempt, ended_at, 0)
    changes = example_value("webhook-changes")
    changed = evolve(_webhook(), events=frozenset(map(EventType, changes["events"])), scripts=None)
    shown, delivery = webhooks.webhook(evolve(_record(failing), pending=1)), webhooks.delivery(_details(tried))
    return {
        "created-webhook": _with_secret(_webhook()),
        "webhook": shown,
        "webhooks": WebhookList(items=(shown,), next_cursor=None),
        "changed-webhook": webhooks.webhook(_record(changed)),
        "rotated-webhook": _with_secret(evolve(_webhook(), former_secret_until=_AT + _OVERLAP)),
        "delivery": delivery,
        "deliveries": DeliveryList(items=(delivery,), next_cursor=None),
        "test-delivery": webhooks.delivery(_details(evolve(_delivery(EventType.TEST), id=UUID(_TEST_ID)))),
        "redelivery": webhooks.delivery(_details(redeliver(tried, ended_at))),
    }


def _webhook() -> Webhook:
    new = example_value("new-webhook")
    return Webhook(
        id=UUID(WEBHOOK_ID),
        url=WebhookUrl(new["url"]),
        events=frozenset(map(EventType, new["events"])),
        scripts=frozenset({UUID(SCRIPT_ID)}),
        description=new["description"],
        created_at=_AT,
    )


def _record(webhook: Webhook) -> WebhookRecord:
    return WebhookRecord(webhook, () if webhook.scripts is None else (_SCRIPT,))


def _with_secret(webhook: Webhook) -> shapes.WebhookWithSecret:
    return webhooks.webhook_with_secret(WebhookWithSecret(_record(webhook), shapes.EXAMPLE_SECRET))


def _delivery(event: EventType) -> Delivery:
    return Delivery(
        id=UUID(DELIVERY_ID),
        number=1,
        webhook_id=UUID(WEBHOOK_ID),
        event=event,
        created_at=_AT,
        script_id=None if event is EventType.TEST else UUID(SCRIPT_ID),
        facts=json.dumps(_FACTS[event]),
        due_at=_AT,
    )


def _details(delivery: Delivery) -> DeliveryDetails:
    return DeliveryDetails(delivery, message(delivery, _SCRIPT))
