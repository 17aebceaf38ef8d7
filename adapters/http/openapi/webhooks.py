"""The `webhooks` of the OpenAPI document: the requests that the service sends to receivers, one for each event."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.http.openapi.attrs_plugin import AttrsPlugin
from adapters.http.openapi.webhook_examples import message_name
from adapters.http.transport.media_types import JSON
from adapters.http.wire.schemas.webhook_deliveries import DELIVERY_ID
from adapters.http.wire.schemas.webhook_messages import MESSAGES
from domain.webhooks import EventType

TAG: Final = "webhooks"
HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "webhook-id": {
        "description": "Id of the delivery, the same in each attempt and redelivery. A receiver that has processed it "
        "answers 2xx and does nothing else.",
        "schema": {"type": "string", "format": "uuid"},
        "example": DELIVERY_ID,
    },
    "webhook-timestamp": {
        "description": "Time of the attempt, in seconds since 1970. Reject messages whose time differs from yours by "
        "more than five minutes.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
        "example": "1764000000",
    },
    "webhook-signature": {
        "description": "`v1,` and the base64 of the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` with the "
        "bytes of the signing secret. After a rotation there are two, with a space between them: accept the message if "
        "one of them is right.",
        "schema": {"type": "string"},
        "example": "v1,Lx2Hxf8SgzAZTYBYl7dCEa9E5sXf4Z0bqFQ6mJp7uNk=",
    },
}
_RESPONSES: Final[Mapping[str, Mapping[str, str]]] = {
    "2XX": {"description": "The receiver has accepted the message."},
    "410": {"description": "The receiver wants no more messages: the webhook is disabled."},
    "429": {"description": "The receiver wants a pause, for as long as `Retry-After` says, at most 24 hours."},
    "default": {
        "description": "The message is sent again, after 5 seconds at first, for 24 hours. Redirects are not followed."
    },
}


def webhooks(plugin: AttrsPlugin) -> dict[str, Any]:
    """Describe the message of each event, by the event's name."""
    return {event.value: {"post": _operation(plugin, event)} for event in EventType}


def _operation(plugin: AttrsPlugin, event: EventType) -> dict[str, Any]:
    shape, example = MESSAGES[event], message_name(event)
    content = {
        "schema": plugin.schema(shape),
        "examples": {example: {"$ref": f"#/components/examples/{example}"}},
    }
    return {
        "operationId": f"receive{shape.__name__.removesuffix('Message')}",
        "summary": f"Event `{event.value}`",
        "description": f"{shape.__doc__}\n\nSent to the URLs of the webhooks that are subscribed to it.",
        "tags": [TAG],
        "security": [],
        "parameters": [{"name": name, "in": "header", "required": True, **header} for name, header in HEADERS.items()],
        "requestBody": {"required": True, "content": {JSON: content}},
        "responses": {status: dict(response) for status, response in _RESPONSES.items()},
    }
