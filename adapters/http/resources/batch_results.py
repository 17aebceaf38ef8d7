"""The resource of a batch's results: one line for each dataset, in their order, made as the client receives them.

The response has no page and no length. It holds a page of lines with results of up to a mebibyte together, and of a
larger result a few parts, which the memory budget accounts for from the beginning. If it breaks off, the client
continues it after the last line that it has.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from returns.result import Failure, Success
from starlette.responses import Response, StreamingResponse

from adapters.http.operations import (
    BATCH_RESULTS,
    NDJSON,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.problems.refusals import TooMuchInFlight
from adapters.http.requests.parameters import batch_id
from adapters.http.resources.batches import BATCH_REFUSALS, TAG
from adapters.http.responses.batch_lines import line_pieces, whole_line
from adapters.http.responses.stored_content import held_bytes
from adapters.http.results import then
from adapters.http.transport.codings.encoding import PIECE_BYTES
from adapters.http.wire.schemas.queries import BatchResultsQuery
from application.batches.results import BatchResults, LineResult, ReadResults
from application.executions.body_text import text_pieces
from application.ports.errors import Unavailable
from application.ports.stored_bodies import StoredBody
from domain.access import Scope
from domain.audit import Action, batch_event
from domain.limits import MIB

_PAGE_BYTES: Final = 8 * MIB
"""The results of a page in their stored form and as text, the longest line, and the page's lines, each of which may
have failed with the longest message and stack of ASCII."""
_LARGE_BYTES: Final = 4 * MIB
"""More than any stored result takes while it is read in parts, unless its encryption has larger segments."""
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def list_results(call: RequestContext[BatchResultsQuery]) -> HandlerResult:
    """Send the results of a batch."""
    wanted = batch_id(call.request).map(lambda one: _query(one, call.query))
    found = await then(wanted, call.deps.batches.results)
    return await then(found, lambda results: _respond(call, results))


def _query(batch: UUID, query: BatchResultsQuery) -> ReadResults:
    return ReadResults(batch_id=batch, after_line=query.after_line, state=query.status)


async def _respond(call: RequestContext[BatchResultsQuery], results: BatchResults) -> HandlerResult:
    """Begin with the lines, so that what the service cannot read at all is a problem and no broken response."""
    if call.request.method == "HEAD":
        return Success(_head())
    if not call.response_memory.resize(_PAGE_BYTES + _LARGE_BYTES):
        return Failure(TooMuchInFlight())
    pieces = _pieces(call, results.pages())
    first = await anext(pieces, b"")
    if first:
        call.deps.audit.reads.record(batch_event(Action.READ_BATCH, results.record.batch, call.actor))
    return Success(StreamingResponse(_chained(first, pieces), headers=_HEADERS, media_type=NDJSON))


def _head() -> Response:
    """Answer with the headers alone. The length is not known."""
    response = Response(None, headers=_HEADERS, media_type=NDJSON)
    del response.headers["Content-Length"]
    return response


async def _chained(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in others:
        yield piece


async def _pieces(
    call: RequestContext[BatchResultsQuery], pages: AsyncIterator[Sequence[LineResult]]
) -> AsyncIterator[bytes]:
    """Join the lines to pieces of `PIECE_BYTES`."""
    gathered = bytearray()
    async for part in _parts(call, pages):
        gathered += part
        while len(gathered) >= PIECE_BYTES:
            yield bytes(gathered[:PIECE_BYTES])
            del gathered[:PIECE_BYTES]
    if gathered:
        yield bytes(gathered)


async def _parts(
    call: RequestContext[BatchResultsQuery], pages: AsyncIterator[Sequence[LineResult]]
) -> AsyncIterator[bytes]:
    """Write the lines, each as a whole or, if its result is long, in pieces."""
    language = call.language
    async for page in pages:
        for line in page:
            if isinstance(line.result, StoredBody):
                _reserve(call, line.result)
                text = text_pieces(call.deps.bodies, line.result)
                async for piece in line_pieces(line.line, text, language):
                    yield piece
            else:
                yield whole_line(line.line, line.result, language)


def _reserve(call: RequestContext[BatchResultsQuery], stored: StoredBody) -> None:
    """Reserve what reading the body takes. A response that has begun can only break off where there is no room."""
    if not call.response_memory.resize(_PAGE_BYTES + max(_LARGE_BYTES, held_bytes(stored))):
        raise Unavailable("no memory for reading a large result of a batch")


RESOURCES: Final = (
    Resource(
        "/v1/batches/{batch}/results",
        TAG,
        {
            "GET": Operation(
                handler=list_results,
                scope=Scope.READ,
                name="listBatchResults",
                summary="Get the results of a batch",
                description=(
                    "One JSON object per line, in the order in which the datasets were sent, to the last one: nothing "
                    "is paged, and results of any size are included. Executions that have not finished are shown with "
                    "their status; wait for the batch first to get all results. If the response breaks off, repeat the "
                    "request with `after_line`, the number of the last whole line."
                ),
                query=BatchResultsQuery,
                answers=(ResponseSpec(200, "The results.", MediaType(NDJSON, BATCH_RESULTS), ("Cache-Control",)),),
                refusals=(*BATCH_REFUSALS, types.CONTENT_REMOVED),
            )
        },
    ),
)
