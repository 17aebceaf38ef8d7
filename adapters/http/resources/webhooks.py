"""The resources of webhooks: `/v1/webhooks`, and one of them. The deliveries are in `webhook_deliveries`.

The signing secret is in the response to the creation and in that to a rotation, and nowhere else.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from returns.result import Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.requests.cursors import id_before, id_cursor
from adapters.http.requests.parameters import webhook_id
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.requests.webhooks import read_changes, read_rotation, read_subscription
from adapters.http.resources.scripts import MERGE_PATCH
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.responses.webhooks import webhook, webhook_href, webhook_with_secret
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery, PageQuery
from adapters.http.wire.schemas.webhooks import (
    NewRotation,
    NewWebhook,
    Webhook,
    WebhookChanges,
    WebhookList,
    WebhookWithSecret,
)
from application.ports.webhooks import WebhookRecord
from application.webhooks.change import WebhookChange
from application.webhooks.subscribe import Subscribe
from application.webhooks.subscribe import WebhookWithSecret as WithSecret
from domain.access import Scope

TAG: Final = "webhooks"
NO_STORE: Final = {"Cache-Control": "no-store"}
WEBHOOK_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_WEBHOOK)
_SHOWN: Final = ResponseSpec(200, "The webhook.", MediaType(JSON, Webhook), ("Cache-Control",))
_WITH_SECRET: Final = MediaType(JSON, WebhookWithSecret)


async def create(call: RequestContext[NoQuery]) -> HandlerResult:
    """Create a webhook."""
    return await then(await read_subscription(call), lambda command: _create(call, command))


async def _create(call: RequestContext[NoQuery], command: Subscribe) -> HandlerResult:
    created = await call.deps.webhooks.subscribe(command)
    return created.map(lambda one: _created(call, one))


def _created(call: RequestContext[NoQuery], created: WithSecret) -> Response:
    location = webhook_href(call.root_path, created.record.webhook.id)
    return document(webhook_with_secret(created), 201, {"Location": location, **NO_STORE})


async def list_webhooks(call: RequestContext[PageQuery]) -> HandlerResult:
    """List a page of the webhooks."""
    return await then(id_before(call.query.cursor), lambda before: _page(call, before))


async def _page(call: RequestContext[PageQuery], before: UUID | None) -> HandlerResult:
    limit = call.query.limit
    found = await call.deps.webhooks.page(before, limit + 1)
    page = page_of(found, limit, lambda last: id_cursor(last.webhook.id))
    shape = WebhookList(items=tuple(map(webhook, page.items)), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shape, page.next_cursor))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a webhook."""
    found = await then(webhook_id(call.request), call.deps.webhooks.find)
    return found.map(_shown)


def _shown(record: WebhookRecord) -> Response:
    return document(webhook(record), headers=NO_STORE)


async def change(call: RequestContext[NoQuery]) -> HandlerResult:
    """Change a webhook. The path is validated before the body is read."""
    return await then(webhook_id(call.request), lambda one: _change(call, one))


async def _change(call: RequestContext[NoQuery], one: UUID) -> HandlerResult:
    return await then(await read_changes(call), lambda changes: _changed(call, one, changes))


async def _changed(call: RequestContext[NoQuery], one: UUID, changes: WebhookChange) -> HandlerResult:
    changed = await call.deps.webhooks.change(one, changes, call.actor)
    return changed.map(_shown)


async def rotate(call: RequestContext[NoQuery]) -> HandlerResult:
    """Rotate the secret of a webhook. The path is validated before the body is read."""
    return await then(webhook_id(call.request), lambda one: _rotate(call, one))


async def _rotate(call: RequestContext[NoQuery], one: UUID) -> HandlerResult:
    return await then(await read_rotation(call), lambda overlap: _rotated(call, one, overlap))


async def _rotated(call: RequestContext[NoQuery], one: UUID, overlap: timedelta) -> HandlerResult:
    rotated = await call.deps.webhooks.rotate(one, overlap, call.actor)
    return rotated.map(lambda new: document(webhook_with_secret(new), headers=NO_STORE))


async def remove(call: RequestContext[NoQuery]) -> HandlerResult:
    """Remove a webhook."""
    removed = await then(webhook_id(call.request), lambda one: call.deps.webhooks.remove(one, call.actor))
    return removed.map(lambda _: Response(status_code=204))


RESOURCES: Final = (
    Resource(
        "/v1/webhooks",
        TAG,
        {
            "GET": Operation(
                handler=list_webhooks,
                scope=Scope.READ,
                name="listWebhooks",
                summary="List webhooks",
                description="Newest first.",
                query=PageQuery,
                answers=(ResponseSpec(200, "A page of the webhooks.", MediaType(JSON, WebhookList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR,),
            ),
            "POST": Operation(
                handler=create,
                scope=Scope.SCRIPTS_WRITE,
                name="createWebhook",
                summary="Create a webhook",
                description=(
                    "Subscribes an HTTP receiver to events: each is sent to the URL in a signed POST request, as the "
                    "webhooks of this document describe, until the receiver answers 2xx or 24 hours have passed. "
                    "The response has the signing secret, which is shown this once."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewWebhook),),
                answers=(
                    ResponseSpec(
                        201, "The webhook, with its signing secret.", _WITH_SECRET, ("Location", "Cache-Control")
                    ),
                ),
                refusals=(*SHORT_DOCUMENT_REFUSALS, types.TOO_MANY_WEBHOOKS),
            ),
        },
    ),
    Resource(
        "/v1/webhooks/{webhook}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getWebhook",
                summary="Get a webhook",
                description="Its subscription, the health of its receiver, and the number of pending deliveries.",
                query=NoQuery,
                answers=(_SHOWN,),
                refusals=WEBHOOK_REFUSALS,
            ),
            "PATCH": Operation(
                handler=change,
                scope=Scope.SCRIPTS_WRITE,
                name="changeWebhook",
                summary="Change a webhook",
                description=(
                    "Changes the members that the body has, and enables or disables the webhook. Pending deliveries "
                    "are sent to the new URL. Idempotent."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(MERGE_PATCH, WebhookChanges), MediaType(JSON, WebhookChanges)),
                answers=(_SHOWN,),
                refusals=(*WEBHOOK_REFUSALS, *SHORT_DOCUMENT_REFUSALS),
            ),
            "DELETE": Operation(
                handler=remove,
                scope=Scope.SCRIPTS_WRITE,
                name="removeWebhook",
                summary="Remove a webhook",
                description="Permanently deletes it with its deliveries. Those that are pending are not sent.",
                query=NoQuery,
                answers=(ResponseSpec(204, "Deleted."),),
                refusals=WEBHOOK_REFUSALS,
            ),
        },
    ),
    Resource(
        "/v1/webhooks/{webhook}/rotate",
        TAG,
        {
            "POST": Operation(
                handler=rotate,
                scope=Scope.SCRIPTS_WRITE,
                name="rotateSecret",
                summary="Rotate the signing secret",
                description=(
                    "Replaces the secret. Until `former_secret_until`, messages have a signature of the former one "
                    "too, so that the receiver can be changed meanwhile. A secret from before the former one is "
                    "invalid at once. The body is optional."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewRotation),),
                may_lack_body=True,
                answers=(ResponseSpec(200, "The webhook, with its new secret.", _WITH_SECRET, ("Cache-Control",)),),
                refusals=(*WEBHOOK_REFUSALS, *SHORT_DOCUMENT_REFUSALS),
            )
        },
    ),
)
