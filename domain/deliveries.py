"""Deliveries: the events recorded for a webhook, and the attempts to send each of them.

    pending --receiver accepts--> delivered
    pending --attempt fails--> pending, or exhausted when no attempt is left or the webhook is disabled
    delivered, exhausted --redeliver--> pending

An event is delivered at least once: an attempt whose outcome was not recorded is repeated.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, field, frozen

from domain.text_limits import sanitize
from domain.webhooks import FAILING_LIMIT, HEALTHY, DisabledReason, EventType, Health, Webhook, disable

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

RETRY_DELAYS: Final = (
    *(5 * _SECOND, 55 * _SECOND, 4 * _MINUTE, 10 * _MINUTE, 45 * _MINUTE),
    *(2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR),
)
"""The pause after each failed attempt: an hour for the first five, 24 hours in all, then the delivery is exhausted."""
MAX_ATTEMPTS: Final = len(RETRY_DELAYS) + 1
MAX_RESPONSE_CHARACTERS: Final = 1_024
"""The characters of a response that are stored."""
MAX_REST: Final = timedelta(minutes=5)
"""The longest pause of a webhook after failures in a row; each delivery has its own, which may be longer."""
FIRST_REST: Final = timedelta(seconds=5)
MAX_RETRY_AFTER: Final = timedelta(hours=24)
"""The longest pause that a receiver can demand."""
MIN_FAILING_AGE: Final = timedelta(hours=1)
"""A younger event disables no webhook for its failures: a receiver of rare events may have recovered from the failures
of the last one, days ago, and be in a short outage now."""


class DeliveryStatus(StrEnum):
    """State of a delivery. The values are part of the wire format and the database schema."""

    PENDING = "pending"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"


@frozen
class Responded:
    """The receiver's response: its status, the beginning of its text, and the seconds of its `Retry-After`."""

    status: int
    text: str = field(default="", repr=False)
    retry_after: int | None = None


class SendFault(StrEnum):
    """The reason why a message got no response. The values are part of the wire format and the database schema."""

    ADDRESS_FORBIDDEN = "address-forbidden"
    NAME_NOT_FOUND = "name-not-found"
    CONNECTION_FAILED = "connection-failed"
    TLS_FAILED = "tls-failed"
    TIMED_OUT = "timed-out"
    NO_HTTP = "no-http"


@frozen
class NoResponse:
    """No response came. `detail` is about the connection and quotes nothing that the receiver sent."""

    fault: SendFault
    detail: str = ""


SendOutcome: TypeAlias = Responded | NoResponse


@frozen
class Attempt:
    """An attempt to send a message: when it began, how long it took in milliseconds, and its outcome."""

    at: datetime
    duration_ms: int
    outcome: SendOutcome


@frozen(kw_only=True)
class Delivery:
    """An event for one webhook. `facts` is JSON text of an object: ids, status and digests, never data.

    `number` orders the deliveries of a webhook. `attempts` counts those that have ended, since the last redelivery;
    `last` is the latest of them. A pending delivery is due at `due_at`, which is None for others.
    """

    id: UUID
    number: int
    webhook_id: UUID
    event: EventType
    created_at: datetime
    script_id: UUID | None
    facts: str = field(repr=False)
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: int = 0
    due_at: datetime | None = None
    last: Attempt | None = None


def storable(outcome: SendOutcome) -> SendOutcome:
    """Sanitise and truncate what a receiver sent, so that every store accepts it."""
    if isinstance(outcome, NoResponse):
        return NoResponse(outcome.fault, _text(outcome.detail))
    seconds = outcome.retry_after
    if seconds is not None:
        seconds = max(0, min(seconds, MAX_RETRY_AFTER // _SECOND))
    return Responded(outcome.status, _text(outcome.text), seconds)


def _text(text: str) -> str:
    return sanitize(text[:MAX_RESPONSE_CHARACTERS])


def accepts(outcome: SendOutcome) -> bool:
    """Tell whether the receiver has accepted the message."""
    return isinstance(outcome, Responded) and 200 <= outcome.status < 300


def is_gone(outcome: SendOutcome) -> bool:
    """Tell whether the receiver wants no more messages."""
    return isinstance(outcome, Responded) and outcome.status == 410


def record_attempt(
    delivery: Delivery, webhook: Webhook, attempt: Attempt, ended_at: datetime, jitter: float
) -> tuple[Delivery, Webhook]:
    """Record an attempt: the delivery, and the webhook with the health of its receiver.

    `jitter`, from 0 to 1, lengthens pauses by up to a tenth, so that receivers are not tried in step.
    """
    tried = evolve(delivery, attempts=delivery.attempts + 1, last=attempt)
    if accepts(attempt.outcome):
        return evolve(tried, status=DeliveryStatus.DELIVERED, due_at=None), evolve(webhook, health=HEALTHY)
    failing = evolve(webhook, health=_failed(webhook.health, attempt, ended_at, jitter))
    reason = _reason_to_disable(failing.health, tried, ended_at)
    if reason is not None:
        return exhaust(tried), disable(failing, reason, ended_at)
    if tried.attempts >= MAX_ATTEMPTS:
        return exhaust(tried), failing
    return evolve(tried, due_at=ended_at + _pause(RETRY_DELAYS[tried.attempts - 1], attempt, jitter)), failing


def exhaust(delivery: Delivery) -> Delivery:
    """Give up a pending delivery."""
    return evolve(delivery, status=DeliveryStatus.EXHAUSTED, due_at=None)


def redeliver(delivery: Delivery, at: datetime) -> Delivery:
    """Send an event again, as if it were new; its id stays the same, so that the receiver can tell."""
    return evolve(delivery, status=DeliveryStatus.PENDING, attempts=0, due_at=at)


def _failed(health: Health, attempt: Attempt, ended_at: datetime, jitter: float) -> Health:
    rest = min(FIRST_REST * 2 ** min(health.failures, 10), MAX_REST)
    rests_until = ended_at + _pause(rest, attempt, jitter)
    return Health(health.failures + 1, health.failing_since or attempt.at, rests_until)


def _reason_to_disable(health: Health, tried: Delivery, ended_at: datetime) -> DisabledReason | None:
    if tried.last is not None and is_gone(tried.last.outcome):
        return DisabledReason.GONE
    is_old = ended_at - tried.created_at >= MIN_FAILING_AGE
    has_failed = health.failing_since is not None and ended_at - health.failing_since >= FAILING_LIMIT
    return DisabledReason.FAILING if is_old and has_failed else None


def _pause(planned: timedelta, attempt: Attempt, jitter: float) -> timedelta:
    return max(planned * (1 + jitter / 10), _retry_after(attempt.outcome))


def _retry_after(outcome: SendOutcome) -> timedelta:
    seconds = outcome.retry_after if isinstance(outcome, Responded) else None
    return timedelta(seconds=min(seconds or 0, MAX_RETRY_AFTER // _SECOND))
