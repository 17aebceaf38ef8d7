"""Subscribe a receiver to events: store a webhook with a new secret, which is shown this once."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from attrs import field, frozen
from returns.result import Failure, Result

from application.ports.scripts import Scripts
from application.ports.system import Clock, NewId
from application.ports.webhooks import WebhookRecord, Webhooks
from application.webhooks.subscription import (
    ALL_SCRIPTS,
    InvalidSubscription,
    WantedScripts,
    faults_of,
    find_scripts,
    parse_url,
)
from domain.audit import ANONYMOUS, Actor
from domain.script import Description
from domain.webhook_messages import secret_text
from domain.webhooks import EventType, TooManyWebhooks, Webhook

SubscriptionRefused: TypeAlias = InvalidSubscription | TooManyWebhooks


@frozen(kw_only=True)
class WebhookPorts:
    """The ports of the webhooks, for clients. `new_secret` makes `SECRET_BYTES` random bytes; `allow_http` permits URLs
    without TLS; `root_path` is the path prefix of the service, for links in messages."""

    scripts: Scripts
    webhooks: Webhooks
    clock: Clock
    new_id: NewId
    new_secret: Callable[[], bytes]
    allow_http: bool = False
    root_path: str = ""


@frozen(kw_only=True)
class Subscribe:
    """The command: send the events, at least one of `SUBSCRIBABLE`, to the URL."""

    url: str
    events: AbstractSet[EventType]
    scripts: WantedScripts = ALL_SCRIPTS
    description: Description
    actor: Actor = ANONYMOUS


@frozen
class WebhookWithSecret:
    """A webhook, and the text of the secret that has been made for it."""

    record: WebhookRecord
    secret: str = field(repr=False)


async def subscribe(ports: WebhookPorts, command: Subscribe) -> Result[WebhookWithSecret, SubscriptionRefused]:
    """Store a webhook. All faults of its subscription are reported at once."""
    url, scripts = parse_url(command.url, ports.allow_http), await find_scripts(ports.scripts, command.scripts)
    if faults := faults_of(url, scripts):
        return Failure(InvalidSubscription(faults))
    webhook = Webhook(
        id=ports.new_id(),
        url=url.unwrap(),
        events=frozenset(command.events),
        scripts=scripts.unwrap(),
        description=command.description.value,
        created_at=ports.clock(),
        created_by=command.actor.key_id,
    )
    secret = ports.new_secret()
    added = await ports.webhooks.add(webhook, secret, command.actor)
    return added.map(lambda record: WebhookWithSecret(record, secret_text(secret)))
