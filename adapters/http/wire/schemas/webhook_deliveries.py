"""Wire schemas of the deliveries of a webhook: events, and the attempts to send them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge
from msgspec import Raw

from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import MOMENT
from adapters.http.wire.schemas.webhook_messages import Message
from domain.deliveries import MAX_RESPONSE_CHARACTERS, DeliveryStatus, SendFault
from domain.webhooks import EventType

DELIVERY_ID: Final = "0b5f7c1e-6a2d-4e8f-9b3c-1d2e3f4a5b6c"


@frozen(kw_only=True)
class DeliveryAttempt:
    """An attempt to send a message: either the receiver responded, with `status`, or there is a `fault`."""

    at: datetime = field(metadata=describe("Time of the beginning.", MOMENT))
    duration_ms: int = field(validator=ge(0), metadata=describe("Duration in milliseconds.", 84))
    status: int | None = field(
        metadata=describe(
            "Status of the receiver's response; null if there was none. Any 2xx accepts the message.", 503
        )
    )
    response: str | None = field(
        metadata=describe(
            f"Text of the response, at most {MAX_RESPONSE_CHARACTERS} characters of it; null if there was none.",
            "upstream is restarting",
        )
    )
    fault: SendFault | None = field(metadata=describe("Reason why there was no response; otherwise null."))
    detail: str | None = field(metadata=describe("More about that reason; null without one."))


@frozen(kw_only=True)
class Delivery:
    """An event for one webhook, and the attempts to send it."""

    id: UUID = field(metadata=describe("Id of the delivery, which is the `webhook-id` of its messages.", DELIVERY_ID))
    event: EventType = field(metadata=describe("Type of the event.", "execution.succeeded"))
    status: DeliveryStatus = field(metadata=describe("State of the delivery.", "pending"))
    attempts: int = field(validator=ge(0), metadata=describe("Attempts that have ended, since the last redelivery.", 1))
    due_at: datetime | None = field(
        metadata=describe("Time of the next attempt, at the earliest; null if there is none.", MOMENT)
    )
    created_at: datetime = field(metadata=describe("Time of the event.", MOMENT))
    last: DeliveryAttempt | None = field(metadata=describe("The latest attempt; null before the first has ended."))
    payload: Raw = field(metadata=describe("Body of its messages.", shape=Message))


@frozen(kw_only=True)
class DeliveryList:
    """A page of the deliveries of a webhook, newest first."""

    items: tuple[Delivery, ...] = field(metadata=describe("Deliveries of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
