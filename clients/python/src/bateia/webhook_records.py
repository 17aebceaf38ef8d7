"""Webhooks and their deliveries as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from bateia.documents import Document
from bateia.records import Record


@dataclass(frozen=True)
class Webhook(Record):
    """A webhook. `scripts` is None if the events of all are sent.

    `health` tells of failures of the receiver; `disabled`, when and why nothing is sent any more.
    """

    id: str
    url: str
    events: tuple[str, ...]
    scripts: tuple[str, ...] | None
    description: str
    status: str
    disabled: Document | None
    health: Document
    pending: int
    created_at: str
    created_by: str | None
    former_secret_until: str | None


@dataclass(frozen=True)
class WebhookWithSecret(Webhook):
    """A webhook with its new signing secret, which the service shows this once."""

    secret: str = field(repr=False)


@dataclass(frozen=True)
class Delivery(Record):
    """A message to a receiver. `last` is the latest attempt; `due_at` is the time of the next one."""

    id: str
    event: str
    status: str
    attempts: int
    created_at: str
    due_at: str | None
    last: Document | None
    payload: Document = field(repr=False)
