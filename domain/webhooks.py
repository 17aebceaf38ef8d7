"""Webhooks: subscriptions of HTTP receivers to events, and the health of a receiver.

    enabled --receiver answers 410, or fails for three days, or a client's wish--> disabled --a client's wish--> enabled

A disabled webhook records no events, and its pending deliveries end when it is disabled.
"""

import re
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address
from typing import Final
from uuid import UUID

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

MAX_URL_CHARACTERS: Final = 2_000
MAX_WEBHOOKS: Final = 10_000
MAX_SCRIPTS: Final = 1_000
"""The most scripts to which one webhook can be subscribed, short of all."""
FAILING_LIMIT: Final = timedelta(days=3)
"""A webhook whose receiver has failed for so long, without one success, is disabled."""
SECRET_BYTES: Final = 32
MAX_OVERLAP: Final = timedelta(days=7)
"""The longest time for which a secret stays valid beside the one that has replaced it."""

_URL: Final = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)", re.IGNORECASE)
_AUTHORITY: Final = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?")
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.IGNORECASE)
_PORT: Final = re.compile(r"[0-9]{1,5}")


class EventType(StrEnum):
    """The events. The values are part of the wire format and the database schema.

    Executions of batches and replays raise no events of their own: their batch and their replay do.
    """

    EXECUTION_SUCCEEDED = "execution.succeeded"
    EXECUTION_FAILED = "execution.failed"
    BATCH_FINISHED = "batch.finished"
    REPLAY_FINISHED = "replay.finished"
    ALIAS_MOVED = "alias.moved"
    JOB_FINISHED = "job.finished"
    TEST = "webhook.test"


SUBSCRIBABLE: Final = frozenset(EventType) - {EventType.TEST}


class DisabledReason(StrEnum):
    """The reason why a webhook is disabled. The values are part of the wire format and the database schema."""

    REQUESTED = "requested"
    GONE = "gone"
    FAILING = "failing"


@frozen
class WebhookUrl:
    """The URL of a receiver. Build it with `webhook_url`."""

    value: str


class UrlFault(StrEnum):
    """Fault of a URL. The values are the codes of hints."""

    TOO_LONG = "webhook-url-too-long"
    NOT_PRINTABLE = "webhook-url-not-printable"
    SCHEME = "webhook-url-scheme"
    NO_HOST = "webhook-url-no-host"
    CREDENTIALS = "webhook-url-credentials"
    FRAGMENT = "webhook-url-fragment"
    PORT = "webhook-url-port"


@frozen
class InvalidWebhookUrl:
    """The text is no URL to which events may be sent."""

    fault: UrlFault


@frozen
class Disabled:
    """The end of a webhook's deliveries, until a client enables it."""

    at: datetime
    reason: DisabledReason


@frozen
class Health:
    """The failures of a receiver in a row, the time of the first, and the end of the pause that the last one imposes on
    all deliveries of the webhook."""

    failures: int = 0
    failing_since: datetime | None = None
    rests_until: datetime | None = None


HEALTHY: Final = Health()


@frozen(kw_only=True)
class Webhook:
    """A subscription to `events`, of which there is at least one, of the scripts of those ids, or of all if they are
    None.

    `created_by` is the id of an API key. Until `former_secret_until`, messages are signed with the former secret too.
    """

    id: UUID
    url: WebhookUrl
    events: AbstractSet[EventType]
    scripts: AbstractSet[UUID] | None
    description: str
    created_at: datetime
    created_by: UUID | None = None
    disabled: Disabled | None = None
    health: Health = HEALTHY
    former_secret_until: datetime | None = None


@frozen
class WebhookDisabled:
    """The operation requires an enabled webhook."""

    webhook: Webhook


@frozen
class TooManyWebhooks:
    """There are `MAX_WEBHOOKS` already."""


def is_subscribed(webhook: Webhook, event: EventType, script_id: UUID) -> bool:
    """Tell whether an event of a script is recorded for the webhook."""
    is_wanted = event in webhook.events and (webhook.scripts is None or script_id in webhook.scripts)
    return is_wanted and webhook.disabled is None


def webhook_url(text: str, allow_http: bool = False) -> Result[WebhookUrl, InvalidWebhookUrl]:
    """Parse the URL of a receiver. Its host is checked again, by its addresses, before each message."""
    fault = _url_fault(text, allow_http)
    return Success(WebhookUrl(text)) if fault is None else Failure(InvalidWebhookUrl(fault))


def _url_fault(text: str, allow_http: bool) -> UrlFault | None:
    if len(text) > MAX_URL_CHARACTERS:
        return UrlFault.TOO_LONG
    if not (text.isascii() and text.isprintable()) or " " in text or "\\" in text:
        return UrlFault.NOT_PRINTABLE
    found = _URL.match(text)
    if found is None or found[1].lower() not in (("https", "http") if allow_http else ("https",)):
        return UrlFault.SCHEME
    if "@" in found[2]:
        return UrlFault.CREDENTIALS
    if "#" in text:
        return UrlFault.FRAGMENT
    authority = _AUTHORITY.fullmatch(found[2])
    if authority is None or not _is_host(authority[1]):
        return UrlFault.NO_HOST
    return None if _is_port(authority[2] or "443") else UrlFault.PORT


def _is_host(text: str) -> bool:
    """Tell whether it is a host name that can be resolved, or an address, which has no zone."""
    if not text.startswith("["):
        return bool(_HOST.fullmatch(text))
    try:
        return IPv6Address(text[1:-1]).scope_id is None
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return bool(_PORT.fullmatch(text)) and 0 < int(text) < 65_536


def disable(webhook: Webhook, reason: DisabledReason, at: datetime) -> Webhook:
    """Disable a webhook. Disabling it again changes nothing."""
    return webhook if webhook.disabled else evolve(webhook, disabled=Disabled(max(at, webhook.created_at), reason))


def enable(webhook: Webhook) -> Webhook:
    """Enable a webhook and forget the failures of its receiver."""
    return evolve(webhook, disabled=None, health=HEALTHY) if webhook.disabled else webhook
