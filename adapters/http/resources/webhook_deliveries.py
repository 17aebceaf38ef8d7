"""The resources of a webhook's deliveries: `/v1/webhooks/{webhook}/deliveries` and below, and its test."""

from typing import Final
from uuid import UUID

from returns.result import Result
from starlette.requests import Request
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import MalformedId
from adapters.http.requests.cursors import audit_before, audit_cursor
from adapters.http.requests.parameters import delivery_id, webhook_id
from adapters.http.resources.webhooks import NO_STORE, TAG, WEBHOOK_REFUSALS
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.responses.webhooks import delivery, delivery_href
from adapters.http.results import then
from adapters.http.wire.schemas.queries import DeliveriesQuery, NoQuery
from adapters.http.wire.schemas.webhook_deliveries import Delivery, DeliveryList
from application.webhooks.read import DeliveryDetails, DeliveryPage
from domain.access import Scope

_DELIVERY_REFUSALS: Final = (*WEBHOOK_REFUSALS, types.UNKNOWN_DELIVERY)
_SHAPE: Final = MediaType(JSON, Delivery)
_SENT: Final = ResponseSpec(202, "The delivery, which is pending.", _SHAPE, ("Location", "Cache-Control"))


def _delivery_key(request: Request) -> Result[tuple[UUID, UUID], MalformedId]:
    """Read `{webhook}` and `{delivery}`."""
    return Result.do((webhook, one) for webhook in webhook_id(request) for one in delivery_id(request))


async def list_deliveries(call: RequestContext[DeliveriesQuery]) -> HandlerResult:
    """List a page of the deliveries of a webhook."""
    wanted = Result.do(
        DeliveryPage(webhook_id=webhook, status=call.query.status, before=before, limit=call.query.limit + 1)
        for webhook in webhook_id(call.request)
        for before in audit_before(call.query.cursor)
    )
    return await then(wanted, lambda one: _page(call, one))


async def _page(call: RequestContext[DeliveriesQuery], wanted: DeliveryPage) -> HandlerResult:
    found = await call.deps.webhooks.deliveries(wanted)
    pages = found.map(
        lambda records: page_of(records, call.query.limit, lambda last: audit_cursor(last.delivery.number))
    )
    return pages.map(
        lambda page: page_response(
            call.request,
            DeliveryList(items=tuple(map(delivery, page.items)), next_cursor=page.next_cursor),
            page.next_cursor,
        )
    )


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a delivery."""
    found = await then(_delivery_key(call.request), lambda key: call.deps.webhooks.delivery(*key))
    return found.map(lambda one: document(delivery(one), headers=NO_STORE))


async def test(call: RequestContext[NoQuery]) -> HandlerResult:
    """Send a test event."""
    sent = await then(webhook_id(call.request), lambda one: call.deps.webhooks.test(one, call.actor))
    return sent.map(lambda details: _accepted(call, details))


async def redeliver(call: RequestContext[NoQuery]) -> HandlerResult:
    """Send a delivery again."""
    key = _delivery_key(call.request)
    sent = await then(key, lambda ids: call.deps.webhooks.redeliver(*ids, call.actor))
    return sent.map(lambda details: _accepted(call, details))


def _accepted(call: RequestContext[NoQuery], details: DeliveryDetails) -> Response:
    one = details.delivery
    location = delivery_href(call.root_path, one.webhook_id, one.id)
    return document(delivery(details), 202, {"Location": location, **NO_STORE})


RESOURCES: Final = (
    Resource(
        "/v1/webhooks/{webhook}/test",
        TAG,
        {
            "POST": Operation(
                handler=test,
                scope=Scope.SCRIPTS_WRITE,
                name="testWebhook",
                summary="Send a test event",
                description=(
                    "Records an event `webhook.test`, which is sent like any other. Read the delivery to see whether "
                    "the receiver has accepted it."
                ),
                query=NoQuery,
                answers=(_SENT,),
                refusals=(*WEBHOOK_REFUSALS, types.WEBHOOK_DISABLED),
            )
        },
    ),
    Resource(
        "/v1/webhooks/{webhook}/deliveries",
        TAG,
        {
            "GET": Operation(
                handler=list_deliveries,
                scope=Scope.READ,
                name="listDeliveries",
                summary="List the deliveries of a webhook",
                description="Newest first. Deliveries that have ended are deleted after some time.",
                query=DeliveriesQuery,
                answers=(ResponseSpec(200, "A page of the deliveries.", MediaType(JSON, DeliveryList), ("Link",)),),
                refusals=(*WEBHOOK_REFUSALS, types.MALFORMED_CURSOR),
            )
        },
    ),
    Resource(
        "/v1/webhooks/{webhook}/deliveries/{delivery}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getDelivery",
                summary="Get a delivery",
                description="The event, the latest attempt to send it, and the body of its messages.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The delivery.", _SHAPE, ("Cache-Control",)),),
                refusals=_DELIVERY_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver",
        TAG,
        {
            "POST": Operation(
                handler=redeliver,
                scope=Scope.SCRIPTS_WRITE,
                name="redeliver",
                summary="Send a delivery again",
                description=(
                    "Makes the delivery pending again, due at once and with all of its attempts, in whatever state it "
                    "is. Its id, and so the `webhook-id` of its messages, stays the same."
                ),
                query=NoQuery,
                answers=(_SENT,),
                refusals=(*_DELIVERY_REFUSALS, types.WEBHOOK_DISABLED),
            )
        },
    ),
)
