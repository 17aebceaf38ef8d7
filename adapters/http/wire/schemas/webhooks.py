"""Wire schemas of webhooks: the requests about them, and their representations."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import and_, ge, le, max_len, min_len, optional

from adapters.http.wire.schemas.collections import DistinctItems
from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.patches import UNCHANGED, IfGiven
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID
from domain.script import MAX_DESCRIPTION_CHARACTERS
from domain.webhooks import MAX_OVERLAP, MAX_SCRIPTS, MAX_URL_CHARACTERS, DisabledReason, EventType

WEBHOOK_ID: Final = "0199c610-2c31-7a5b-9e0d-4f6a8b0c1d2e"
DEFAULT_OVERLAP_SECONDS: Final = 24 * 60 * 60
_MAX_OVERLAP_SECONDS: Final = int(MAX_OVERLAP.total_seconds())
_EXAMPLE_URL: Final = "https://hooks.example.com/bateia"
EXAMPLE_SECRET: Final = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="  # noqa: S105 - an example, of no webhook
_URL: Final = (
    f"URL of the receiver, of at most {MAX_URL_CHARACTERS} characters. It has the scheme https, unless the operator "
    "permits http, and neither credentials nor a fragment."
)
_EVENTS: Final = "Events that are sent."
_SCRIPTS: Final = f"Ids or names of the scripts whose events are sent, at most {MAX_SCRIPTS}; those of all if null"
_PURPOSE: Final = "Purpose of the webhook."
_DESCRIPTION: Final = "Invoices that are ready for the ledger"


class SubscribableEvent(StrEnum):
    """Type of event to which a webhook can be subscribed."""

    EXECUTION_SUCCEEDED = EventType.EXECUTION_SUCCEEDED.value
    EXECUTION_FAILED = EventType.EXECUTION_FAILED.value
    BATCH_FINISHED = EventType.BATCH_FINISHED.value
    REPLAY_FINISHED = EventType.REPLAY_FINISHED.value
    ALIAS_MOVED = EventType.ALIAS_MOVED.value
    JOB_FINISHED = EventType.JOB_FINISHED.value


class WebhookStatus(StrEnum):
    """State of a webhook."""

    ENABLED = "enabled"
    DISABLED = "disabled"


@frozen(kw_only=True)
class NewWebhook(RequestModel):
    """A receiver, and the events that it is to be sent."""

    url: str = field(metadata=describe(_URL, _EXAMPLE_URL))
    events: tuple[SubscribableEvent, ...] = field(
        validator=[min_len(1), DistinctItems()], metadata=describe(_EVENTS, ["execution.failed", "batch.finished"])
    )
    scripts: tuple[str, ...] | None = field(
        default=None,
        validator=optional(and_(min_len(1), max_len(MAX_SCRIPTS), DistinctItems())),
        metadata=describe(f"{_SCRIPTS} or omitted.", ["corporate-cards"]),
    )
    description: str = field(
        default="", validator=max_len(MAX_DESCRIPTION_CHARACTERS), metadata=describe(_PURPOSE, _DESCRIPTION)
    )


@frozen(kw_only=True)
class WebhookChanges(RequestModel):
    """Changes of a webhook, as a JSON merge patch (RFC 7396). Omitted members stay as they are."""

    url: str = field(default=UNCHANGED, metadata=describe(_URL, _EXAMPLE_URL))
    events: tuple[SubscribableEvent, ...] = field(
        default=UNCHANGED,
        validator=IfGiven(min_len(1), DistinctItems()),
        metadata=describe(_EVENTS, ["execution.failed", "batch.finished"]),
    )
    scripts: tuple[str, ...] | None = field(
        default=UNCHANGED,
        validator=IfGiven(optional(and_(min_len(1), max_len(MAX_SCRIPTS), DistinctItems()))),
        metadata=describe(f"{_SCRIPTS}.", ["corporate-cards"]),
    )
    description: str = field(
        default=UNCHANGED,
        validator=IfGiven(max_len(MAX_DESCRIPTION_CHARACTERS)),
        metadata=describe(_PURPOSE, _DESCRIPTION),
    )
    enabled: bool = field(
        default=UNCHANGED,
        metadata=describe(
            "False disables the webhook: no events are recorded for it, and those that wait are given up. True enables "
            "it again, with its failures forgotten.",
            True,
        ),
    )


@frozen(kw_only=True)
class NewRotation(RequestModel):
    """A rotation of a webhook's signing secret."""

    overlap_seconds: int = field(
        default=DEFAULT_OVERLAP_SECONDS,
        validator=[ge(0), le(_MAX_OVERLAP_SECONDS)],
        metadata=describe(
            "Time for which messages are signed with the former secret too. With 0 it is invalid at once.", 86_400
        ),
    )


@frozen(kw_only=True)
class WebhookScript:
    """A script whose events a webhook sends."""

    id: UUID = field(metadata=describe("Id of the script.", SCRIPT_ID))
    name: str = field(metadata=describe("Name of the script.", "corporate-cards"))


@frozen(kw_only=True)
class WebhookDisabling:
    """The end of a webhook's deliveries."""

    at: datetime = field(metadata=describe("Time since when the webhook is disabled.", MOMENT))
    reason: DisabledReason = field(
        metadata=describe(
            "Reason: a client's request (`requested`), the receiver answered 410 (`gone`), or it has failed for three "
            "days (`failing`).",
            "failing",
        )
    )


@frozen(kw_only=True)
class WebhookHealth:
    """Failures of a receiver in a row; a success ends them."""

    failures: int = field(validator=ge(0), metadata=describe("Failed attempts since the last success.", 0))
    failing_since: datetime | None = field(
        metadata=describe("Time of the first of them; null if there are none.", MOMENT)
    )
    rests_until: datetime | None = field(
        metadata=describe("Time before which nothing is sent, because of them; null if there are none.", MOMENT)
    )


@frozen(kw_only=True)
class Webhook:
    """A subscription of an HTTP receiver to events."""

    id: UUID = field(metadata=describe("Id of the webhook.", WEBHOOK_ID))
    url: str = field(metadata=describe("URL of the receiver.", _EXAMPLE_URL))
    events: tuple[SubscribableEvent, ...] = field(metadata=describe(_EVENTS, ["batch.finished", "execution.failed"]))
    scripts: tuple[WebhookScript, ...] | None = field(
        metadata=describe("Scripts whose events are sent; null for those of all scripts.")
    )
    description: str = field(metadata=describe(f"{_PURPOSE[:-1]}; may be empty.", _DESCRIPTION))
    status: WebhookStatus = field(metadata=describe("State of the webhook.", "enabled"))
    disabled: WebhookDisabling | None = field(metadata=describe("Time and reason if it is disabled; otherwise null."))
    health: WebhookHealth = field(metadata=describe("Failures of the receiver."))
    pending: int = field(validator=ge(0), metadata=describe("Number of deliveries that are to be sent.", 0))
    created_at: datetime = field(metadata=describe("Time of the creation.", MOMENT))
    created_by: str | None = field(
        metadata=describe("Name of the API key that created it; null if none was needed.", "operations")
    )
    former_secret_until: datetime | None = field(
        metadata=describe("End of the time in which the former secret signs messages too; null before a rotation.")
    )


@frozen(kw_only=True)
class WebhookWithSecret(Webhook):
    """A webhook with the secret that signs its messages, which no other response has."""

    secret: str = field(
        repr=False,
        metadata=describe(
            "Signing secret, as implementations of Standard Webhooks take it. Store it: it is not shown again.",
            EXAMPLE_SECRET,
        ),
    )


@frozen(kw_only=True)
class WebhookList:
    """A page of webhooks, newest first."""

    items: tuple[Webhook, ...] = field(metadata=describe("Webhooks of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
