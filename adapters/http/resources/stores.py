"""The resources of stores: `/v1/stores`, and the objects of one. Those of an object are in `store_objects`."""

from typing import Final

from returns.result import Result, Success

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.requests.cursors import path_after, path_cursor
from adapters.http.requests.stores import caller_of, folder_of, store_name
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.responses.stores import listed_object, store
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery, ObjectsQuery
from adapters.http.wire.schemas.stores import ObjectList, StoreList
from application.stores.list import ListObjects
from domain.access import Scope

TAG: Final = "stores"
STORE_REFUSALS: Final = (
    types.INVALID_STORE_PATH,
    types.UNKNOWN_STORE,
    types.STORE_NOT_ALLOWED,
    types.STORE_UNAVAILABLE,
)


async def list_stores(call: RequestContext[NoQuery]) -> HandlerResult:
    """List the stores that the caller may use."""
    found = call.deps.stores.all(caller_of(call))
    return Success(document(StoreList(items=tuple(map(store, found)))))


async def list_objects(call: RequestContext[ObjectsQuery]) -> HandlerResult:
    """List a page of a store's objects."""
    query = call.query
    wanted = Result.do(
        ListObjects(folder, after, query.limit + 1)
        for name in store_name(call.request)
        for folder in folder_of(name, query.prefix)
        for after in path_after(query.cursor)
    )
    return await then(wanted, lambda one: _page(call, one))


async def _page(call: RequestContext[ObjectsQuery], wanted: ListObjects) -> HandlerResult:
    found = await call.deps.stores.objects(wanted, caller_of(call))
    pages = found.map(lambda objects: page_of(objects, call.query.limit, lambda last: path_cursor(last.path)))
    return pages.map(
        lambda page: page_response(
            call.request,
            ObjectList(
                items=tuple(listed_object(wanted.folder.store, one) for one in page.items),
                next_cursor=page.next_cursor,
            ),
            page.next_cursor,
        )
    )


RESOURCES: Final = (
    Resource(
        "/v1/stores",
        TAG,
        {
            "GET": Operation(
                handler=list_stores,
                scope=Scope.READ,
                name="listStores",
                summary="List stores",
                description="The stores that the operator has defined, as far as the API key may use them.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The stores.", MediaType(JSON, StoreList)),),
            )
        },
    ),
    Resource(
        "/v1/stores/{store}",
        TAG,
        {
            "GET": Operation(
                handler=list_objects,
                scope=Scope.READ,
                name="listObjects",
                summary="List objects",
                description="Objects of a folder and its subfolders, by path.",
                query=ObjectsQuery,
                answers=(ResponseSpec(200, "A page of the objects.", MediaType(JSON, ObjectList), ("Link",)),),
                refusals=(*STORE_REFUSALS, types.MALFORMED_CURSOR),
            )
        },
    ),
)
