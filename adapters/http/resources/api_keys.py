"""The resources of API keys: `/v1/keys`, one of them, and `/v1/me`, the key of the request.

The text of a key is in the response to its creation, and nowhere else.
"""

from typing import Final
from uuid import UUID

from returns.result import Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.requests.api_keys import read_new_key
from adapters.http.requests.cursors import id_before, id_cursor
from adapters.http.requests.parameters import api_key_id
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.responses.api_keys import api_key, api_key_href, caller, created_api_key
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.results import then
from adapters.http.wire.schemas.api_keys import ApiKey, ApiKeyList, Caller, CreatedApiKey, NewApiKey
from adapters.http.wire.schemas.queries import NoQuery, PageQuery
from application.access.authorise import FRESH_SECONDS
from application.access.manage_api_keys import CreateKey
from application.access.use_cases import CreatedKey
from domain.access import ANY_SCOPE, MANAGES_KEYS

TAG: Final = "keys"
_NO_STORE: Final = {"Cache-Control": "no-store"}
_KEY_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_API_KEY)
_SOON: Final = f"within {FRESH_SECONDS:g} seconds"


async def me(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with the access of the request."""
    key = call.deps.access.key_of(call.actor.key_id)
    return Success(document(caller(key), headers=_NO_STORE))


async def create(call: RequestContext[NoQuery]) -> HandlerResult:
    """Create an API key."""
    return await then(await read_new_key(call), lambda command: _create(call, command))


async def _create(call: RequestContext[NoQuery], command: CreateKey) -> HandlerResult:
    created = await call.deps.api_keys.create(command)
    return created.map(lambda one: _created(call, one))


def _created(call: RequestContext[NoQuery], created: CreatedKey) -> Response:
    location = api_key_href(call.root_path, created.key.id)
    return document(created_api_key(created), 201, {"Location": location, **_NO_STORE})


async def list_keys(call: RequestContext[PageQuery]) -> HandlerResult:
    """List a page of the API keys."""
    return await then(id_before(call.query.cursor), lambda before: _page(call, before))


async def _page(call: RequestContext[PageQuery], before: UUID | None) -> HandlerResult:
    limit = call.query.limit
    found = await call.deps.api_keys.page(before, limit + 1)
    page = page_of(found, limit, lambda last: id_cursor(last.id))
    shape = ApiKeyList(items=tuple(map(api_key, page.items)), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shape, page.next_cursor))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with an API key."""
    found = await then(api_key_id(call.request), call.deps.api_keys.find)
    return found.map(lambda one: document(api_key(one), headers=_NO_STORE))


async def revoke(call: RequestContext[NoQuery]) -> HandlerResult:
    """Revoke an API key."""
    revoked = await then(api_key_id(call.request), lambda one: call.deps.api_keys.revoke(one, call.actor))
    return revoked.map(lambda _: Response(status_code=204))


RESOURCES: Final = (
    Resource(
        "/v1/me",
        TAG,
        {
            "GET": Operation(
                handler=me,
                scope=ANY_SCOPE,
                name="getCaller",
                summary="Get the access of the request",
                description=(
                    "The API key that authenticates the request, and its scopes, so that a client can offer what the "
                    "key allows. Anonymous requests have all scopes."
                ),
                query=NoQuery,
                answers=(ResponseSpec(200, "The access.", MediaType(JSON, Caller), ("Cache-Control",)),),
            )
        },
    ),
    Resource(
        "/v1/keys",
        TAG,
        {
            "GET": Operation(
                handler=list_keys,
                scope=MANAGES_KEYS,
                name="listKeys",
                summary="List API keys",
                description="All keys, newest first, expired and revoked ones included, without their texts.",
                query=PageQuery,
                answers=(ResponseSpec(200, "A page of the keys.", MediaType(JSON, ApiKeyList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR,),
            ),
            "POST": Operation(
                handler=create,
                scope=MANAGES_KEYS,
                name="createKey",
                summary="Create an API key",
                description=(
                    "Creates a key with the scopes of a role, with single scopes, or both, of which the caller must "
                    f"have all. Processes accept it {_SOON}. The response has its text, which is not stored and not "
                    "shown again. The first key ends anonymous access, so it must have the scope "
                    f"`{MANAGES_KEYS}`."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewApiKey),),
                answers=(
                    ResponseSpec(
                        201, "The key, with its text.", MediaType(JSON, CreatedApiKey), ("Location", "Cache-Control")
                    ),
                ),
                refusals=SHORT_DOCUMENT_REFUSALS,
            ),
        },
    ),
    Resource(
        "/v1/keys/{key}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=MANAGES_KEYS,
                name="getKey",
                summary="Get an API key",
                description="A key without its text.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The key.", MediaType(JSON, ApiKey), ("Cache-Control",)),),
                refusals=_KEY_REFUSALS,
            ),
            "DELETE": Operation(
                handler=revoke,
                scope=MANAGES_KEYS,
                name="revokeKey",
                summary="Revoke an API key",
                description=(
                    f"Permanently revokes the key; processes refuse it {_SOON}. It stays in the list. Revoking it "
                    f"again has no effect. The last valid key with the scope `{MANAGES_KEYS}` cannot be revoked here: "
                    "the command line does it."
                ),
                query=NoQuery,
                answers=(ResponseSpec(204, "Revoked."),),
                refusals=(*_KEY_REFUSALS, types.LAST_MANAGING_API_KEY),
            ),
        },
    ),
)
