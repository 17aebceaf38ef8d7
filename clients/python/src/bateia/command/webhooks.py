"""Commands for webhooks and their deliveries."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from bateia.command.arguments import Limit, Yes, confirm, listed
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.showing import show_document, show_items
from bateia.resources import webhooks as api
from bateia.texts import say
from bateia.webhook_records import WebhookWithSecret

WebhookId = Annotated[str, Parameter(help="Id of the webhook.")]
DeliveryId = Annotated[str, Parameter(help="Id of the delivery.")]
Events = Annotated[
    str, Parameter(help="Events to send, separated by commas, such as execution.failed,batch.finished,job.finished.")
]
Scripts = Annotated[str | None, Parameter(help="Scripts whose events are sent, separated by commas; all without it.")]


def list_webhooks(*, limit: Limit = 100, common: All = DEFAULTS) -> int:
    """List webhooks."""
    items = common.first(api.list_webhooks(), limit)
    show_items(common, items, "id", "url", "events", "status", "pending")
    return Exit.OK


def show_webhook(webhook: WebhookId, /, *, common: All = DEFAULTS) -> int:
    """Show a webhook and its health."""
    show_document(common, common.do(api.read_webhook(webhook)).document)
    return Exit.OK


def create_webhook(
    url: str, events: Events, /, *, scripts: Scripts = None, description: str = "", common: All = DEFAULTS
) -> int:
    """Create a webhook. Its signing secret is printed on standard output, this once.

    Parameters
    ----------
    url
        URL of the receiver.
    description
        Purpose of the webhook.
    """
    chosen = listed(scripts) if scripts else None
    _show_secret(common, common.do(api.create_webhook(url, listed(events), scripts=chosen, description=description)))
    return Exit.OK


def _show_secret(common: Options, made: WebhookWithSecret) -> None:
    common.output.note(say("webhook {id}: the line on standard output is its signing secret", id=made.id))
    common.output.value(made.document, lambda: common.output.line(made.secret))


def change_webhook(
    webhook: WebhookId,
    /,
    *,
    receiver: Annotated[str | None, Parameter(name="--to", help="Another URL of the receiver.")] = None,
    events: Annotated[str | None, Parameter(help="Events to send instead, separated by commas.")] = None,
    scripts: Annotated[str | None, Parameter(help="Scripts instead, separated by commas; empty for all.")] = None,
    description: Annotated[str | None, Parameter(help="Another purpose.")] = None,
    enabled: Annotated[bool | None, Parameter(help="Send events again, or no longer.", negative="--disabled")] = None,
    common: All = DEFAULTS,
) -> int:
    """Change a webhook; what is not named stays."""
    changed = common.do(
        api.change_webhook(
            webhook,
            url=receiver,
            events=None if events is None else listed(events),
            scripts=None if scripts is None else listed(scripts),
            description=description,
            enabled=enabled,
        )
    )
    show_document(common, changed.document)
    return Exit.OK


def delete_webhook(webhook: WebhookId, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Delete a webhook with its deliveries, for good."""
    confirm(common, say("Delete the webhook {webhook}?", webhook=webhook), yes)
    common.do(api.delete_webhook(webhook))
    common.output.value(
        {"id": webhook, "removed": True}, lambda: common.output.line(say("deleted {webhook}", webhook=webhook))
    )
    return Exit.OK


def rotate_secret(
    webhook: WebhookId,
    /,
    *,
    overlap: Annotated[int, Parameter(help="Seconds for which the former secret signs too.")] = 86_400,
    common: All = DEFAULTS,
) -> int:
    """Make a new signing secret, which is printed on standard output, this once."""
    _show_secret(common, common.do(api.rotate_secret(webhook, overlap)))
    return Exit.OK


def send_test(webhook: WebhookId, /, *, common: All = DEFAULTS) -> int:
    """Send a test event, and print the id of its delivery."""
    sent = common.do(api.send_test(webhook)).document
    common.output.value(sent, lambda: common.output.line(sent["id"]))
    return Exit.OK


def deliveries(
    webhook: WebhookId,
    /,
    *,
    status: api.DeliveryStatus | None = None,
    limit: Limit = 50,
    common: All = DEFAULTS,
) -> int:
    """List the deliveries of a webhook, the newest first."""
    items = common.first(api.list_deliveries(webhook, status), limit)
    show_items(common, items, "id", "event", "status", "attempts", "created_at", "due_at")
    return Exit.OK


def show_delivery(webhook: WebhookId, delivery: DeliveryId, /, *, common: All = DEFAULTS) -> int:
    """Show a delivery: its message, and the receiver's last response."""
    show_document(common, common.do(api.read_delivery(webhook, delivery)).document)
    return Exit.OK


def redeliver(webhook: WebhookId, delivery: DeliveryId, /, *, common: All = DEFAULTS) -> int:
    """Send a delivery again."""
    sent = common.do(api.redeliver(webhook, delivery)).document
    common.output.value(sent, lambda: common.output.line(say("{id} is {status}", id=sent["id"], status=sent["status"])))
    return Exit.OK
