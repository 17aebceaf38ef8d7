"""Commands for webhooks and their deliveries."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cyclopts import Parameter

from bateia.command.arguments import Limit, Yes, confirm, listed
from bateia.command.exits import Exit
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.showing import show_document, show_items
from bateia.documents import without_none
from bateia.requesting import change, pages, read, segment
from bateia.texts import say

WebhookId = Annotated[str, Parameter(help="Id of the webhook.")]
DeliveryId = Annotated[str, Parameter(help="Id of the delivery.")]
Events = Annotated[
    str, Parameter(help="Events to send, separated by commas, such as execution.failed,batch.finished,job.finished.")
]
Scripts = Annotated[str | None, Parameter(help="Scripts whose events are sent, separated by commas; all without it.")]
_MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


def path_of(webhook: str, *more: str) -> str:
    """Make the path of a webhook, or of what belongs to it."""
    return "/".join(["/v1/webhooks", segment(webhook), *map(segment, more)])


def list_webhooks(*, limit: Limit = 100, common: All = DEFAULTS) -> int:
    """List webhooks."""
    items = common.do(pages("/v1/webhooks", limit))
    show_items(common, items, "id", "url", "events", "status", "pending")
    return Exit.OK


def show_webhook(webhook: WebhookId, /, *, common: All = DEFAULTS) -> int:
    """Show a webhook and its health."""
    show_document(common, common.do(read(path_of(webhook))))
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
    wanted = {"url": url, "events": listed(events), "description": description}
    wanted |= {"scripts": listed(scripts)} if scripts else {}
    _show_secret(common, common.do(change("POST", "/v1/webhooks", wanted)))
    return Exit.OK


def _show_secret(common: Options, webhook: Any) -> None:
    common.output.note(say("webhook {id}: the line on standard output is its signing secret", id=webhook["id"]))
    common.output.value(webhook, lambda: common.output.line(webhook["secret"]))


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
    changes: dict[str, Any] = {
        "url": receiver,
        "events": None if events is None else listed(events),
        "description": description,
        "enabled": enabled,
    }
    members = without_none(changes)
    members |= {} if scripts is None else {"scripts": listed(scripts) or None}
    changed = common.do(change("PATCH", path_of(webhook), members, headers=_MERGE_PATCH, repeatable=True))
    show_document(common, changed)
    return Exit.OK


def delete_webhook(webhook: WebhookId, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Delete a webhook with its deliveries, for good."""
    confirm(common, say("Delete the webhook {webhook}?", webhook=webhook), yes)
    common.do(change("DELETE", path_of(webhook)))
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
    _show_secret(common, common.do(change("POST", path_of(webhook, "rotate"), {"overlap_seconds": overlap})))
    return Exit.OK


def send_test(webhook: WebhookId, /, *, common: All = DEFAULTS) -> int:
    """Send a test event, and print the id of its delivery."""
    sent = common.do(change("POST", path_of(webhook, "test")))
    common.output.value(sent, lambda: common.output.line(sent["id"]))
    return Exit.OK


def deliveries(
    webhook: WebhookId,
    /,
    *,
    status: Literal["pending", "delivered", "exhausted"] | None = None,
    limit: Limit = 50,
    common: All = DEFAULTS,
) -> int:
    """List the deliveries of a webhook, the newest first."""
    items = common.do(pages(path_of(webhook, "deliveries"), limit, {"status": status} if status else None))
    show_items(common, items, "id", "event", "status", "attempts", "created_at", "due_at")
    return Exit.OK


def show_delivery(webhook: WebhookId, delivery: DeliveryId, /, *, common: All = DEFAULTS) -> int:
    """Show a delivery: its message, and the receiver's last response."""
    show_document(common, common.do(read(path_of(webhook, "deliveries", delivery))))
    return Exit.OK


def redeliver(webhook: WebhookId, delivery: DeliveryId, /, *, common: All = DEFAULTS) -> int:
    """Send a delivery again."""
    sent = common.do(change("POST", path_of(webhook, "deliveries", delivery, "redeliver")))
    common.output.value(sent, lambda: common.output.line(say("{id} is {status}", id=sent["id"], status=sent["status"])))
    return Exit.OK
