"""The resource of the audit trail: `/v1/audit`, a list in pages, or all of it as CSV."""

from collections.abc import AsyncIterator
from typing import Final

from returns.result import Failure, Result, Success
from starlette.responses import Response, StreamingResponse

from adapters.http.operations import (
    CSV,
    JSON,
    TEXT,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal, TooMuchInFlight
from adapters.http.requests.cursors import audit_before, audit_cursor
from adapters.http.resources.scripts import script_filtered
from adapters.http.responses.audit import audit_entry, csv_pieces
from adapters.http.responses.documents import page_of, page_response
from adapters.http.responses.negotiation import acceptable_types
from adapters.http.results import then
from adapters.http.transport.codings.encoding import cut
from adapters.http.wire.schemas.audit import AuditList
from adapters.http.wire.schemas.queries import AuditQuery
from application.access.audit_pages import audit_pages
from application.ports.access import AuditFilter
from domain.access import Scope
from domain.limits import MIB

TAG: Final = "audit"

_CSV_BYTES: Final = 4 * MIB
"""A page of records with their lines, of which only the URL of an object can be long, and pieces on their way."""
_VARY: Final = {"Vary": "Accept"}
_CSV_HEADERS: Final = _VARY | {"Cache-Control": "no-store", "Content-Disposition": "attachment"}


async def list_audit_records(call: RequestContext[AuditQuery]) -> HandlerResult:
    """List a page of audit records, or send all of them as CSV."""
    send = _stream if acceptable_types(call.request.headers, (JSON, CSV))[:1] == [CSV] else _page
    before, wanted = audit_before(call.query.cursor), await _filter(call)
    both = Result.do((one, last) for one in wanted for last in before)
    return await then(both, lambda known: send(call, *known))


async def _filter(call: RequestContext[AuditQuery]) -> Result[AuditFilter, Refusal]:
    query = call.query
    script = await script_filtered(call, query.script)
    return script.map(
        lambda one: AuditFilter(
            action=query.action,
            key=query.key,
            script=one,
            execution=query.execution,
            at_from=query.at_from,
            at_to=query.at_to,
        )
    )


async def _page(call: RequestContext[AuditQuery], wanted: AuditFilter, before: int | None) -> HandlerResult:
    limit = call.query.limit
    found = await call.deps.audit.trail.page(wanted, before, limit + 1)
    page = page_of(found, limit, lambda last: audit_cursor(last.number))
    shape = AuditList(items=tuple(audit_entry(one) for one in page.items), next_cursor=page.next_cursor)
    response = page_response(call.request, shape, page.next_cursor)
    response.headers.update(_VARY)
    return Success(response)


async def _stream(call: RequestContext[AuditQuery], wanted: AuditFilter, before: int | None) -> HandlerResult:
    """Begin with the first page, so that a trail that cannot be read is a problem and no broken response."""
    if call.request.method == "HEAD":
        response = Response(None, headers=_CSV_HEADERS, media_type=CSV)
        del response.headers["Content-Length"]  # it is not known
        return Success(response)
    if not call.response_memory.resize(_CSV_BYTES):
        return Failure(TooMuchInFlight())
    pieces = csv_pieces(audit_pages(call.deps.audit.trail, wanted, before))
    first = await anext(pieces)
    return Success(StreamingResponse(_chained(first, pieces), headers=_CSV_HEADERS, media_type=CSV))


async def _chained(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for piece in cut(first):
        yield piece
    async for more in others:
        for piece in cut(more):
            yield piece


RESOURCES: Final = (
    Resource(
        "/v1/audit",
        TAG,
        {
            "GET": Operation(
                handler=list_audit_records,
                scope=Scope.ADMIN,
                name="listDeeds",
                summary="List audit records",
                description=(
                    "Actions on scripts, versions, executions, batches, webhooks and keys, and reads of results, "
                    "datasets, logs and error messages, newest first. Anonymous actions have no key. With "
                    "`Accept: text/csv` the response has all records that match the filters, from `cursor` on if it is "
                    "given, without pages and without a length: `limit` does not apply. Its columns have the names of "
                    "the JSON's members; an empty field stands for null, and an apostrophe is put wherever a "
                    "spreadsheet could begin a formula."
                ),
                query=AuditQuery,
                answers=(
                    ResponseSpec(
                        200,
                        "A page of the audit trail, or all of it as CSV.",
                        MediaType(JSON, AuditList),
                        ("Link", "Vary", "Cache-Control", "Content-Disposition"),
                        alternatives=(MediaType(CSV, TEXT),),
                    ),
                ),
                refusals=(types.MALFORMED_CURSOR, types.MALFORMED_ID, types.UNKNOWN_SCRIPT),
            )
        },
    ),
)
