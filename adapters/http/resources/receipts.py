"""The resources of receipts: `/v1/executions/{id}/receipt`, and the keys that verify them.

A receipt has digests and no content, so reading one is not audited as a read of content.
"""

from typing import Final

from returns.result import Success
from starlette.responses import Response

from adapters.http.operations import (
    JSON,
    PUBLIC,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.requests.parameters import execution_id
from adapters.http.responses.conditional import validated
from adapters.http.responses.documents import document
from adapters.http.responses.receipt_keys import receipt_keys
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.receipts import DSSE, RECEIPT, ReceiptKeys
from application.ports.signing import PublicKey
from domain.access import Scope
from domain.dsse import Envelope, envelope_json

_TAG: Final = "executions"
_VALIDATED: Final = ("ETag", "Cache-Control")


async def receipt(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the receipt of an execution."""
    found = await then(execution_id(call.request), call.deps.receipts.read)
    return await then(found, lambda envelope: _receipt(call, envelope))


async def _receipt(call: RequestContext[NoQuery], envelope: Envelope) -> HandlerResult:
    """Respond with an envelope. Signatures are deterministic, so it changes only with the key."""
    answer = Response(envelope_json(envelope), media_type=DSSE)
    return Success(validated(call.request.headers, answer))


async def keys(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the public keys."""
    return await then(call.deps.receipts.public_keys(), lambda found: _keys(call, found))


async def _keys(call: RequestContext[NoQuery], found: tuple[PublicKey, ...]) -> HandlerResult:
    return Success(validated(call.request.headers, document(receipt_keys(found))))


RESOURCES: Final = (
    Resource(
        "/v1/executions/{id}/receipt",
        _TAG,
        {
            "GET": Operation(
                handler=receipt,
                scope=Scope.READ,
                name="getReceipt",
                summary="Get a receipt",
                description=(
                    "A signed statement of the script version, dataset, engine, limits, clock and seed of a finished "
                    "execution, and of the digest of its result or error. It remains available after the content is "
                    "removed, and can be verified offline with the keys at /v1/receipts/keys."
                ),
                query=NoQuery,
                headers=("If-None-Match",),
                answers=(
                    ResponseSpec(200, "The receipt.", MediaType(DSSE, RECEIPT), _VALIDATED),
                    ResponseSpec(304, "The client's copy is current.", None, _VALIDATED),
                ),
                refusals=(
                    types.MALFORMED_ID,
                    types.UNKNOWN_EXECUTION,
                    types.NOT_FINISHED,
                    types.NO_RUN,
                    types.DIGEST_NOT_RETAINED,
                    types.RECEIPTS_NOT_CONFIGURED,
                ),
            )
        },
    ),
    Resource(
        "/v1/receipts/keys",
        _TAG,
        {
            "GET": Operation(
                handler=keys,
                scope=PUBLIC,
                name="getReceiptKeys",
                summary="Get the keys of receipts",
                description=(
                    "Public keys, retired ones too, that verify the receipts of this installation. Needs no API key: "
                    "compare the keys with a copy from another source before you trust them."
                ),
                query=NoQuery,
                headers=("If-None-Match",),
                answers=(
                    ResponseSpec(200, "The keys.", MediaType(JSON, ReceiptKeys), _VALIDATED),
                    ResponseSpec(304, "The client's copy is current.", None, _VALIDATED),
                ),
                refusals=(types.RECEIPTS_NOT_CONFIGURED,),
            )
        },
    ),
)
