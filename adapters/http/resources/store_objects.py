"""The resource of an object of a store. Objects stream in both directions and may have any size.

Headers alone, or a 304, are not audited as a read. The record of a read precedes its first byte.
"""

from typing import Final

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from starlette.responses import Response

from adapters.http.operations import (
    JSON,
    OCTETS,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal, TooMuchInFlight
from adapters.http.requests.preconditions import precondition
from adapters.http.requests.stores import caller_of, path_url
from adapters.http.requests.streamed_body import BodyTooSlow, admit, body_pieces
from adapters.http.resources.stores import STORE_REFUSALS, TAG
from adapters.http.responses.conditional import if_none_match, not_modified
from adapters.http.responses.stores import (
    SENDING_BYTES,
    entity_tag,
    object_head,
    object_headers,
    object_response,
    written_response,
)
from adapters.http.results import then
from adapters.http.transport.byte_ranges import ByteRange, byte_range
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.stores import WrittenObject
from application.stores.read import FoundObject
from application.stores.write import WriteObject
from domain.access import Scope
from domain.audit import Action, object_event
from domain.stores import ObjectUrl

OBJECT_BYTES: Final = {"type": "string", "format": "binary", "description": "The bytes of the object."}
_READ_HEADERS: Final = ("ETag", "Cache-Control", "Accept-Ranges", "Content-Disposition")
_WRITTEN: Final = MediaType(JSON, WrittenObject)
_WRITTEN_HEADERS: Final = ("Location", "ETag", "Repr-Digest")
WRITE_REFUSALS: Final = (
    types.STORE_FULL,
    types.UNSUPPORTED_ENCODING,
    types.REQUEST_TIMEOUT,
)
"""The problems of a body that streams into a store."""


async def read(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with an object, or a range of it."""
    found = await then(path_url(call.request), lambda url: call.deps.stores.find(url, caller_of(call)))
    return await then(found, lambda one: _respond(call, one))


async def _respond(call: RequestContext[NoQuery], found: FoundObject) -> HandlerResult:
    about, headers = found.about, call.request.headers
    if if_none_match(headers, entity_tag(about)):
        return Success(not_modified(object_headers(about, None)))
    if call.request.method == "HEAD":
        return Success(object_head(about))
    return await then(byte_range(headers, about.size_bytes, entity_tag(about)), lambda one: _send(call, found, one))


async def _send(call: RequestContext[NoQuery], found: FoundObject, wanted: ByteRange | None) -> HandlerResult:
    start, end = (0, found.about.size_bytes) if wanted is None else (wanted.start, wanted.end)
    if not call.response_memory.resize(min(end - start, SENDING_BYTES)):
        return Failure(TooMuchInFlight())
    pieces = await found.read(start, end)
    call.deps.audit.reads.record(object_event(Action.READ_OBJECT, found.url, call.actor))
    return Success(object_response(found.about, wanted, pieces))


async def write(call: RequestContext[NoQuery]) -> HandlerResult:
    """Write an object. A client that leaves before the end of the body changes nothing."""
    url: Result[ObjectUrl, Refusal] = Result.do(one for one in path_url(call.request) for _ in admit(call))
    return await then(url, lambda one: _write(call, one))


async def _write(call: RequestContext[NoQuery], url: ObjectUrl) -> HandlerResult:
    command = WriteObject(url, precondition(call.request.headers), caller_of(call))
    try:
        written = await call.deps.stores.write(command, body_pieces(call))
    except BodyTooSlow as slow:
        return Failure(slow.refusal)
    return written.map(lambda one: written_response(call.root_path, one))


async def delete(call: RequestContext[NoQuery]) -> HandlerResult:
    """Delete an object."""
    url = path_url(call.request)
    if not is_successful(url):
        return Failure(url.failure())
    deleted = await call.deps.stores.delete(url.unwrap(), precondition(call.request.headers), caller_of(call))
    return deleted.map(lambda _: Response(status_code=204))


RESOURCES: Final = (
    Resource(
        "/v1/stores/{store}/{path:path}",
        TAG,
        {
            "GET": Operation(
                handler=read,
                scope=Scope.READ,
                name="readObject",
                summary="Read an object",
                description=(
                    "The bytes of an object, of any size, or a range of them. The response is of one version: if the "
                    "object is replaced meanwhile, it breaks off. Continue it with `Range` and `If-Range`."
                ),
                query=NoQuery,
                headers=("Range", "If-Range", "If-None-Match"),
                answers=(
                    ResponseSpec(200, "The object.", MediaType(OCTETS, OBJECT_BYTES), _READ_HEADERS),
                    ResponseSpec(206, "The range.", MediaType(OCTETS, OBJECT_BYTES), (*_READ_HEADERS, "Content-Range")),
                    ResponseSpec(304, "The client has this version.", None, ("ETag", "Cache-Control")),
                ),
                refusals=(*STORE_REFUSALS, types.UNKNOWN_OBJECT, types.RANGE_NOT_SATISFIABLE),
            ),
            "PUT": Operation(
                handler=write,
                scope=Scope.EXECUTIONS_WRITE,
                name="writeObject",
                summary="Write an object",
                description=(
                    "Stores the body, of any size and media type, as the object. It appears as a whole once all of it "
                    "has come; a request that breaks off changes nothing. With `If-None-Match: *`, an object that "
                    "exists is not replaced."
                ),
                query=NoQuery,
                headers=("If-Match", "If-None-Match"),
                bodies=(MediaType(OCTETS, OBJECT_BYTES),),
                may_lack_body=True,
                answers=(
                    ResponseSpec(200, "The object, which replaced another version.", _WRITTEN, _WRITTEN_HEADERS),
                    ResponseSpec(201, "The new object.", _WRITTEN, _WRITTEN_HEADERS),
                ),
                refusals=(*STORE_REFUSALS, *WRITE_REFUSALS, types.PRECONDITION_FAILED),
            ),
            "DELETE": Operation(
                handler=delete,
                scope=Scope.EXECUTIONS_WRITE,
                name="deleteObject",
                summary="Delete an object",
                description="Permanently deletes an object.",
                query=NoQuery,
                headers=("If-Match",),
                answers=(ResponseSpec(204, "Deleted."),),
                refusals=(*STORE_REFUSALS, types.UNKNOWN_OBJECT, types.PRECONDITION_FAILED),
            ),
        },
    ),
)
