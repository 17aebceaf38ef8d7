"""Conversion of the rows of deliveries to domain values, and back."""

from typing import Any, Final

import msgspec

from adapters.postgres.connections import Row
from domain.deliveries import Attempt, Delivery, DeliveryStatus, NoResponse, Responded, SendFault, SendOutcome
from domain.text_limits import sanitize
from domain.webhooks import EventType

_MOST: Final = 2**31 - 1
"""The greatest integer of a column. A receiver may name any number of seconds."""


def delivery_from(row: Row) -> Delivery:
    """Convert a row to a delivery."""
    return Delivery(
        id=row["id"],
        number=row["number"],
        webhook_id=row["webhook_id"],
        event=EventType(row["event"]),
        created_at=row["created_at"],
        script_id=row["script_id"],
        facts=msgspec.json.encode(row["facts"]).decode(),
        status=DeliveryStatus(row["status"]),
        attempts=row["attempts"],
        due_at=row["due_at"],
        last=None if row["last_at"] is None else Attempt(row["last_at"], row["last_ms"], _outcome_from(row)),
    )


def _outcome_from(row: Row) -> SendOutcome:
    if row["last_fault"] is not None:
        return NoResponse(SendFault(row["last_fault"]), row["last_detail"])
    return Responded(row["last_status"], row["last_text"], row["last_retry_after"])


def state_columns(delivery: Delivery) -> dict[str, Any]:
    """Map the state of a delivery to its columns."""
    return {
        "number": delivery.number,
        "status": delivery.status.value,
        "attempts": delivery.attempts,
        "due_at": delivery.due_at,
    }


def attempt_columns(attempt: Attempt | None) -> dict[str, Any]:
    """Map an attempt to its columns. What a receiver sent becomes a text that any column takes."""
    names = ("last_at", "last_ms", "last_status", "last_text", "last_retry_after", "last_fault", "last_detail")
    columns: dict[str, Any] = dict.fromkeys(names)
    if attempt is None:
        return columns
    columns |= {"last_at": attempt.at, "last_ms": min(attempt.duration_ms, _MOST)}
    match attempt.outcome:
        case Responded(status=status, text=text, retry_after=seconds):
            pause = None if seconds is None else min(max(seconds, 0), _MOST)
            return columns | {"last_status": status, "last_text": sanitize(text), "last_retry_after": pause}
        case NoResponse(fault=fault, detail=detail):
            return columns | {"last_fault": fault.value, "last_detail": sanitize(detail)}
