"""The resources of uploads that can be continued: an object comes in several requests, each from where the last ended.

A request that breaks off keeps what has come; its client asks for the offset and goes on from there.
"""

from typing import Final

from returns.result import Failure, Result
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
from adapters.http.problems.refusals import Refusal
from adapters.http.requests.parameters import media_type
from adapters.http.requests.short_documents import SHORT_DOCUMENT_REFUSALS
from adapters.http.requests.stores import caller_of, read_new_upload, upload_offset, upload_ref
from adapters.http.requests.streamed_body import BodyTooSlow, admit, body_pieces
from adapters.http.resources.store_objects import OBJECT_BYTES, WRITE_REFUSALS
from adapters.http.resources.stores import STORE_REFUSALS, TAG
from adapters.http.responses.stores import upload_response, written_response
from adapters.http.results import then
from adapters.http.wire.schemas.queries import NoQuery
from adapters.http.wire.schemas.stores import NewUpload, Upload, WrittenObject
from application.stores.uploads import StoredUpload, UploadRef
from application.stores.write import Written
from domain.access import Scope

_UPLOAD: Final = MediaType(JSON, Upload)
_SHOWN: Final = ("Upload-Offset", "Cache-Control")
_REFUSALS: Final = (
    *STORE_REFUSALS,
    types.MALFORMED_ID,
    types.UNKNOWN_UPLOAD,
    types.STORE_NOT_RESUMABLE,
)


async def begin(call: RequestContext[NoQuery]) -> HandlerResult:
    """Begin an upload."""
    new = await read_new_upload(call)
    begun = await then(new, lambda one: call.deps.stores.begin(*one, caller_of(call)))
    return begun.map(lambda found: upload_response(call.root_path, found, 201))


async def show(call: RequestContext[NoQuery]) -> HandlerResult:
    """Respond with an upload, and the offset where it continues."""
    found = await then(upload_ref(call.request), lambda ref: call.deps.stores.upload(ref, caller_of(call)))
    return found.map(lambda one: upload_response(call.root_path, one))


async def append(call: RequestContext[NoQuery]) -> HandlerResult:
    """Continue an upload. All that is known before the body is checked before it is read."""
    wanted: Result[tuple[UploadRef, int], Refusal] = Result.do(
        (ref, offset)
        for ref in upload_ref(call.request)
        for _ in media_type(call.request, (OCTETS,))
        for offset in upload_offset(call.request)
        for _ in admit(call)
    )
    return await then(wanted, lambda one: _find(call, *one))


async def _find(call: RequestContext[NoQuery], ref: UploadRef, offset: int) -> HandlerResult:
    found = await call.deps.stores.upload(ref, caller_of(call))
    return await then(found, lambda one: _append(call, one, offset))


async def _append(call: RequestContext[NoQuery], found: StoredUpload, offset: int) -> HandlerResult:
    try:
        appended = await call.deps.stores.append(found, offset, body_pieces(call), caller_of(call))
    except BodyTooSlow as slow:
        return Failure(slow.refusal)
    return appended.map(lambda one: _appended(call, one))


def _appended(call: RequestContext[NoQuery], one: StoredUpload | Written) -> Response:
    if isinstance(one, StoredUpload):
        return upload_response(call.root_path, one)
    response = written_response(call.root_path, one)
    response.status_code = 201
    return response


async def discard(call: RequestContext[NoQuery]) -> HandlerResult:
    """Remove an upload."""
    removed = await then(upload_ref(call.request), lambda ref: call.deps.stores.discard(ref, caller_of(call)))
    return removed.map(lambda _: Response(status_code=204))


RESOURCES: Final = (
    Resource(
        "/v1/uploads",
        TAG,
        {
            "POST": Operation(
                handler=begin,
                scope=Scope.EXECUTIONS_WRITE,
                name="beginUpload",
                summary="Begin an upload",
                description=(
                    "Begins an upload that can be continued, into a store whose `resumable` is true. Nothing is to be "
                    "seen of the object until all of it has come. An upload is forgotten if it is not continued for 7 "
                    "days, and belongs to the API key that began it."
                ),
                query=NoQuery,
                headers=("Content-Encoding",),
                bodies=(MediaType(JSON, NewUpload),),
                answers=(ResponseSpec(201, "The upload.", _UPLOAD, ("Location", *_SHOWN)),),
                refusals=(
                    *SHORT_DOCUMENT_REFUSALS,
                    types.UNKNOWN_STORE,
                    types.STORE_NOT_ALLOWED,
                    types.STORE_NOT_RESUMABLE,
                    types.STORE_UNAVAILABLE,
                    types.STORE_FULL,
                ),
            )
        },
    ),
    Resource(
        "/v1/uploads/{store}/{upload}",
        TAG,
        {
            "GET": Operation(
                handler=show,
                scope=Scope.EXECUTIONS_WRITE,
                name="getUpload",
                summary="Get an upload",
                description="`offset` is the number of bytes that have come. Continue the upload there.",
                query=NoQuery,
                answers=(ResponseSpec(200, "The upload.", _UPLOAD, _SHOWN),),
                refusals=_REFUSALS,
            ),
            "PATCH": Operation(
                handler=append,
                scope=Scope.EXECUTIONS_WRITE,
                name="continueUpload",
                summary="Continue an upload",
                description=(
                    "Appends the body at `Upload-Offset`. What comes before the request breaks off is kept. The "
                    "request that brings the last byte publishes the object; if it fails then, repeat it with the "
                    "offset at the end and no body."
                ),
                query=NoQuery,
                headers=("Upload-Offset",),
                bodies=(MediaType(OCTETS, OBJECT_BYTES),),
                may_lack_body=True,
                answers=(
                    ResponseSpec(200, "The upload, which is not complete.", _UPLOAD, _SHOWN),
                    ResponseSpec(
                        201,
                        "The object: all of it has come.",
                        MediaType(JSON, WrittenObject),
                        ("Location", "ETag", "Repr-Digest"),
                    ),
                ),
                refusals=(
                    *_REFUSALS,
                    *WRITE_REFUSALS,
                    types.UNSUPPORTED_MEDIA_TYPE,
                    types.MALFORMED_UPLOAD_OFFSET,
                    types.UPLOAD_OFFSET,
                    types.UPLOAD_TOO_LONG,
                ),
            ),
            "DELETE": Operation(
                handler=discard,
                scope=Scope.EXECUTIONS_WRITE,
                name="discardUpload",
                summary="Discard an upload",
                description="Removes an upload with all that has come of it.",
                query=NoQuery,
                answers=(ResponseSpec(204, "Removed."),),
                refusals=_REFUSALS,
            ),
        },
    ),
)
