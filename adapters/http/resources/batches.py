"""The resources of a batch once it is stored: the batch, its list, its cancellation and the removal of its content.

`batch_submissions` accepts batches, `batch_results` has the results of one, as lines.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from returns.result import Result, Success
from starlette.responses import Response

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.requests.cursors import id_before, id_cursor
from adapters.http.requests.parameters import batch_id, preferred_wait
from adapters.http.resources.executions import preference_applied
from adapters.http.resources.scripts import script_filtered
from adapters.http.responses.batches import batch
from adapters.http.responses.documents import document, page_of, page_response
from adapters.http.results import then
from adapters.http.wire.schemas.batches import Batch, BatchList
from adapters.http.wire.schemas.queries import BatchesQuery, NoQuery
from application.ports.batches import BatchFilter, BatchRecord
from domain.access import Scope

TAG: Final = "batches"
BATCH_REFUSALS: Final = (types.MALFORMED_ID, types.UNKNOWN_BATCH)
BATCH_SHAPE: Final = MediaType(JSON, Batch)
_NO_STORE: Final = {"Cache-Control": "no-store"}


def waited_headers(wait: int | None) -> Mapping[str, str]:
    """Choose the headers of a batch, which is never stored by caches, read after a wait if the client wanted one."""
    return _NO_STORE if wait is None else {**preference_applied(wait), **_NO_STORE}


def batch_response(
    call: RequestContext[Any], record: BatchRecord, headers: Mapping[str, str] = _NO_STORE, status: int = 200
) -> Response:
    """Show a batch."""
    return document(batch(record, call.root_path), status, headers)


async def list_batches(call: RequestContext[BatchesQuery]) -> HandlerResult:
    """List a page of the batches that match the filter."""
    before, script = id_before(call.query.cursor), await script_filtered(call, call.query.script)
    both = Result.do((one, last) for one in script for last in before)
    return await then(both, lambda known: _page(call, *known))


async def _page(call: RequestContext[BatchesQuery], script: UUID | None, before: UUID | None) -> HandlerResult:
    limit, wanted = call.query.limit, BatchFilter(script=script, version=call.query.version)
    found = await call.deps.batches.page(wanted, before, limit + 1)
    page = page_of(found, limit, lambda last: id_cursor(last.batch.id))
    shape = BatchList(items=tuple(batch(one, call.root_path) for one in page.items), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shape, page.next_cursor))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with a batch, at once or when it has finished."""
    wait = preferred_wait(call.request)
    found = await then(batch_id(call.request), lambda wanted: call.deps.batches.read(wanted, wait or 0))
    return found.map(lambda one: batch_response(call, one, waited_headers(wait)))


async def cancel(call: RequestContext[NoQuery]) -> HandlerResult:
    """Cancel the executions of a batch that have not ended."""
    ended = await then(batch_id(call.request), lambda wanted: call.deps.batches.cancel(wanted, call.actor))
    return ended.map(lambda one: batch_response(call, one))


async def remove_content(call: RequestContext[NoQuery]) -> HandlerResult:
    """Drop datasets, results and logs of all executions of a batch."""
    removed = await then(batch_id(call.request), lambda wanted: call.deps.batches.remove_content(wanted, call.actor))
    return removed.map(lambda _: Response(status_code=204))


RESOURCES: Final = (
    Resource(
        "/v1/batches",
        TAG,
        {
            "GET": Operation(
                handler=list_batches,
                scope=Scope.READ,
                name="listBatches",
                summary="List batches",
                description="Newest first. All filters must match.",
                query=BatchesQuery,
                answers=(ResponseSpec(200, "A page of the batches.", MediaType(JSON, BatchList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR, types.MALFORMED_ID, types.UNKNOWN_SCRIPT),
            )
        },
    ),
    Resource(
        "/v1/batches/{batch}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.READ,
                name="getBatch",
                summary="Get a batch",
                description=(
                    "Its executions, counted by their status. A batch finishes even if executions fail; check "
                    "`counts.failed`. With `Prefer: wait`, the response waits until the batch finishes."
                ),
                query=NoQuery,
                headers=("Prefer",),
                answers=(ResponseSpec(200, "The batch.", BATCH_SHAPE, ("Preference-Applied", "Cache-Control")),),
                refusals=BATCH_REFUSALS,
            )
        },
    ),
    Resource(
        "/v1/batches/{batch}/cancel",
        TAG,
        {
            "POST": Operation(
                handler=cancel,
                scope=Scope.EXECUTIONS_WRITE,
                name="cancelBatch",
                summary="Cancel a batch",
                description=(
                    "All executions that have not ended fail with `cancelled`, at once. Pending ones never start; the "
                    "processes of running ones are killed within a second. Those that have ended keep their outcomes."
                ),
                query=NoQuery,
                answers=(ResponseSpec(200, "The batch, which has finished.", BATCH_SHAPE, ("Cache-Control",)),),
                refusals=(*BATCH_REFUSALS, types.ALREADY_FINISHED),
            )
        },
    ),
    Resource(
        "/v1/batches/{batch}/content",
        TAG,
        {
            "DELETE": Operation(
                handler=remove_content,
                scope=Scope.EXECUTIONS_WRITE,
                name="removeBatchContent",
                summary="Remove a batch's content",
                description=(
                    "Permanently deletes datasets, results and logs of all executions of a finished batch. The records "
                    "stay: the batch, and its executions in the list of executions. `ref` is part of the record."
                ),
                query=NoQuery,
                answers=(ResponseSpec(204, "Deleted, or already deleted. The batch can still be read."),),
                refusals=(*BATCH_REFUSALS, types.BATCH_NOT_FINISHED),
            )
        },
    ),
)
